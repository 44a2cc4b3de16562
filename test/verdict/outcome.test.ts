import { describe, expect, test } from 'vitest';
import { node, tree } from '../../src/devicetree/index.ts';
import { conclusion, plain } from '../../src/report/index.ts';
import { type Evidence, judge } from '../../src/verdict/index.ts';
import { cells, observation, text } from './evidence.ts';

const cpu = node('PowerPC,POWER10@0', [text('device_type', 'cpu'), cells('reg', 0)]);
const whole = tree(node('', [text('model', 'IBM,9080-HEX')], [node('cpus', [], [cpu])]));
const boot = 'Linux version 6.12.0 (builder)';

/** A captured machine with a whole tree and a log from its boot on. */
const seen = (of: Parameters<typeof observation>[0] = {}, more: Partial<Evidence> = {}): Evidence => ({
  after: observation({ tree: whole, devices: [], lines: [boot], ...of }),
  ...more,
});

const missing = (evidence: Evidence) => judge(evidence).missing?.map(({ what }) => what) ?? [];

describe('safe needs evidence', () => {
  test('a whole tree and a log from the boot on', () => {
    expect(judge(seen()).outcome).toBe('safe');
    expect(missing(seen())).toEqual([]);
  });

  test('a whole tree and a capture from before', () => {
    const before = observation({ tree: whole, devices: [], lines: [] });
    expect(judge(seen({ lines: [] }, { before })).outcome).toBe('safe');
  });

  test('a log that has a migration from its first step on', () => {
    const late = [
      { seconds: 5000, text: 'mobility: calling ibm,suspend-me on CPU 0' },
      { seconds: 5001, text: 'mobility: CPU 0 waking all threads' },
    ];
    expect(judge(seen({ log: late })).outcome).toBe('safe');
    expect(missing(seen({ log: late.slice(1) }))).toContain('the beginning of the kernel log');
  });

  test.each<[string, Parameters<typeof observation>[0], RegExp]>([
    ['no log and nothing from before', { lines: [] }, /^a kernel log, or a capture from before/],
    ['no tree', { tree: tree(node('')) }, /^the device tree$/],
    [
      'a tree of two properties',
      { tree: tree(node('', [text('a', 'b')], [node('cpus')])) },
      /^most of the device tree/,
    ],
    ['a part of a tree', { tree: tree(node('', [], [node('cpus', [], [cpu])])) }, /^most of the device tree/],
    [
      'a truncated capture',
      { unread: ['x: cut', 'y: cut'] },
      /^what could not be read \(x: cut and 1 other\)$/,
    ],
    [
      'a log that has lost its beginning',
      { log: [{ seconds: 900, text: 'x' }] },
      /^the beginning of the kernel log$/,
    ],
    [
      'a log that ends in the suspend',
      { lines: [boot, 'mobility: calling ibm,suspend-me on CPU 3'] },
      /^the end of migration 1$/,
    ],
  ])('%s: inconclusive', (_, of, what) => {
    const verdict = judge(seen(of));
    expect(verdict.outcome).toBe('inconclusive');
    expect(verdict.missing?.map((one) => one.what)).toEqual([expect.stringMatching(what)]);
    const [line] = conclusion(verdict, plain).split('\n');
    expect(line).toContain(`inconclusive: no damage found; missing: ${verdict.missing?.[0]?.what}: `);
  });

  test('a run of our own lacks nothing', () => {
    expect(judge(seen({ lines: [], tree: tree(node('')) }, { outcomes: [] })).outcome).toBe('safe');
  });

  test('damage is damage, whatever is missing', () => {
    const verdict = judge(
      seen({ tree: tree(node('')), lines: ['BUG: Kernel NULL pointer dereference on read at 0x8'] }),
    );
    expect(verdict.outcome).toBe('damaged');
    expect(verdict.missing).toHaveLength(1);
  });
});

test('what is allowed is said in the conclusion', () => {
  const lines = [boot, 'mobility: updating ibm,loc-code property failed: -12'];
  const verdict = judge(seen({ lines }), ['property-not-updated']);
  expect(verdict.outcome).toBe('safe');
  expect(conclusion(verdict, plain)).toBe('safe except allowed: 1 refused property');
  const both = judge(seen({ lines: [...lines, 'BUG: Bad page state'] }), ['property-not-updated']);
  expect(conclusion(both, plain)).toBe('damaged: 1 kernel oops; allowed: 1 refused property');
});
