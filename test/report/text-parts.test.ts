import { describe, expect, test } from 'vitest';
import type { NodeReferences, ReferenceChange } from '../../src/partition/index.ts';
import { type Paint, plain, runToText } from '../../src/report/index.ts';
import { ledgerLines } from '../../src/report/text/ledger.ts';
import { logLine, logLines } from '../../src/report/text/log.ts';
import { storyUnder } from '../viewer/runs.ts';

const run = await storyUnder('detach');

describe('reference counts', () => {
  const node: NodeReferences = {
    path: '/a',
    phandle: 1,
    generation: 1,
    state: 'attached',
    boot: true,
    count: 1,
    holders: [],
  };
  const change: ReferenceChange = {
    seconds: 0,
    step: 'read',
    path: '/a',
    phandle: 1,
    generation: 1,
    who: 'lookup',
    change: 1,
    count: 2,
  };
  const linesOf = (
    references: readonly NodeReferences[],
    ledger: readonly ReferenceChange[],
    whole: boolean,
  ) => ledgerLines({ ...run, after: { ...run.after, references }, ledger }, plain, whole);

  test.each([
    ['attached', true, 1, false],
    ['attached', true, -1, true],
    ['detached', true, 1, true],
    ['detached', true, 0, false],
    ['released', true, 0, true],
    ['released', false, 0, false],
    ['never attached', false, 1, true],
  ] as const)('%s, boot %s, count %i: listed without --ledger is %s', (state, boot, count, isListed) => {
    expect(linesOf([{ ...node, state, boot, count }], [], false).length > 0).toBe(isListed);
    expect(linesOf([{ ...node, state, boot, count }], [], true).length).toBeGreaterThan(0);
  });

  test('of more than 12 nodes the remainder is counted, unless all are requested', () => {
    const nodes = (count: number) =>
      Array.from({ length: count }, (_, at) => ({ ...node, path: `/n@${at}`, count: -1 }));
    expect(linesOf(nodes(12), [], false)).toHaveLength(24);
    expect(linesOf(nodes(13), [], false).slice(24)).toEqual(['… 1 more node; --ledger shows all']);
    expect(linesOf(nodes(14), [], false).at(-1)).toBe('… 2 more nodes; --ledger shows all');
    expect(linesOf(nodes(14), [], true)).toHaveLength(28);
  });

  test('a lookup that is dropped at once is omitted, except in another step or by another holder', () => {
    const drop = { ...change, change: -1, count: 1 } as const;
    const signs = (...changes: ReferenceChange[]) =>
      linesOf([node], changes, true).flatMap((line) => /[+−] \w+$/.exec(line)?.[0] ?? []);
    expect(signs(change, drop)).toEqual([]);
    expect(signs(change, { ...drop, step: 'other' })).toEqual(['+ lookup', '− lookup']);
    expect(signs(change, { ...drop, who: 'sysfs' })).toEqual(['+ lookup', '− sysfs']);
    expect(signs(drop, change)).toEqual(['− lookup', '+ lookup']);
  });

  test('the first lookup after the count became wrong is kept', () => {
    const bad = { ...change, count: -9 };
    const undone = { ...bad, change: -1 } as const;
    const lines = linesOf(
      [{ ...node, count: -9 }],
      [{ ...change, count: 3 }, bad, undone, bad, undone],
      true,
    );
    expect(lines.filter((line) => /saturated {2}[+−]/.test(line))).toHaveLength(2);
  });
});

describe('log lines', () => {
  const tags: Paint = {
    bold: (text) => `<bold>${text}`,
    dim: (text) => text,
    red: (text) => `<red>${text}`,
    yellow: (text) => `<yellow>${text}`,
    green: (text) => text,
    cyan: (text) => text,
  };

  test.each([
    [undefined, 'x'],
    [6, 'x'],
    [5, '<bold>x'],
    [4, '<yellow>x'],
    [3, '<red>x'],
    [0, '<red>x'],
  ])('level %s', (level, text) => {
    const line = { seconds: 7.042, text: 'x', ...(level !== undefined && { level }) };
    expect(logLine(line, tags)).toBe(`[    7.042000] ${text}`);
  });

  test('registers and code of a warning are counted, other lines like them are kept', () => {
    const texts = [
      'NIP: before any warning',
      '------------[ cut here ]------------',
      'WARNING: at a',
      'NIP:  c000',
      'GPR00: 0000',
      'Call Trace:',
      'Instruction dump:',
      '---[ end trace 0 ]---',
      'NIP: after the warning',
    ];
    const shown = logLines(
      texts.map((text) => ({ seconds: 0, text })),
      plain,
    );
    expect(shown.map((line) => line.slice(15))).toEqual([
      'NIP: before any warning',
      '------------[ cut here ]------------',
      'WARNING: at a',
      '(2 lines of registers and code omitted)',
      'Call Trace:',
      '(1 line of registers and code omitted)',
      '---[ end trace 0 ]---',
      'NIP: after the warning',
    ]);
  });
});

test('of more than 40 notes of the reconciler the remainder is counted', () => {
  const notes = (count: number) =>
    Array.from({ length: count }, (_, at) => ({ kind: 'withheld' as const, subject: `/n@${at}`, text: 'x' }));
  const text = (count: number) => runToText({ ...run, notes: notes(count) });
  expect(text(40)).not.toContain('--json has all');
  expect(text(41)).toContain('… 1 more note; --json has all');
  expect(text(42)).toContain('… 2 more notes; --json has all');
});
