import { describe, expect, test } from 'vitest';
import { InputError } from '../../../src/base/index.ts';
import { node, tree } from '../../../src/devicetree/index.ts';
import { readRun, readRuns, runToJson } from '../../../src/report/index.ts';
import { storyUnder } from '../../viewer/runs.ts';

const run = await storyUnder('detach');
const stored = JSON.parse(JSON.stringify(runToJson(run)));

test('reading a stored run yields the same run', () => {
  const { source, destination, ...read } = readRun(stored);
  const { source: from, destination: to, ...written } = run;
  expect(read).toEqual(written);
  // Labels of trees that were read from a source are not stored.
  expect([source.root, destination.root]).toEqual([from.root, to.root]);
  expect(runToJson(readRun(stored))).toEqual(stored);
});

describe('a run of version 1', () => {
  const { faultCounts: strikes, ...rest } = stored;
  const version1 = {
    ...rest,
    version: 1,
    strikes,
    migrations: stored.migrations.map((migration: typeof stored) => ({
      ...migration,
      calls: migration.calls.map(({ id: _, ...call }: typeof stored) => call),
    })),
    events: stored.events.map(({ id: _, call: __, ...event }: typeof stored) => event),
    ledger: stored.ledger.map(({ event: _, ...change }: typeof stored) => change),
  };

  test('gets the current names, and ids and links by order', () => {
    expect(runToJson(readRun(version1))).toEqual(stored);
    expect(readRun({ ...version1, strikes: [0, 2] }).faultCounts).toEqual([0, 2]);
  });

  test('gets no links of a kind whose counts differ', () => {
    const extra = { ...version1, events: [...version1.events, { ...stored.events[0], kind: 'rtas' }] };
    const { events, ledger } = readRun(extra);
    expect(events.filter(({ call }) => call !== undefined)).toEqual([]);
    expect(ledger).toEqual(run.ledger);
    const [, ...rest] = version1.ledger;
    const less = readRun({ ...version1, ledger: rest });
    expect(less.ledger.filter(({ event }) => event !== undefined)).toEqual([]);
    expect(less.events).toEqual(run.events);
  });
});

test('a tree deeper than the stack can be stored and read', () => {
  let deep = node('leaf');
  for (let level = 0; level < 20_000; level++) deep = node('n', [], [deep]);
  const { source } = readRun(runToJson({ ...run, source: tree(node('', [], [deep])) }));
  let depth = 0;
  for (let at = source.root; at.children[0]; at = at.children[0]) depth += 1;
  expect(depth).toBe(20_001);
});

test.each([
  ['another version', { ...stored, version: 3 }, /version 3; this transplant reads versions 1 to 2/],
  ['something else', { format: 'transplant-audit' }, /"transplant-audit", not a run/],
  ['no object', 'run', /not a run/],
  ['nothing', null, /not a run/],
  ['an unknown lane', { ...stored, events: [{ ...stored.events[0], lane: 'x' }] }, /not a run/],
  ['bytes that are not hex', withRoot({ name: '', properties: { a: 'xy' }, children: [] }), /is not hex/],
  ['a node without children', withRoot({ name: '', properties: {} }), /no list of children/],
  ['no node', withRoot(null), /not a tree/],
])('refused: %s', (_, json, message) => {
  expect(() => readRun(json)).toThrow(InputError);
  expect(() => readRun(json)).toThrow(message);
});

test('an error names its path', () => {
  const broken = { ...stored, verdict: { ...stored.verdict, outcome: 'fine' } };
  expect(() => readRun(broken)).toThrow(
    expect.objectContaining({ where: expect.objectContaining({ path: 'verdict.outcome' }) }),
  );
});

test('an array of runs is read; an empty one is refused', () => {
  expect(readRuns([stored, stored])).toHaveLength(2);
  expect(readRuns(stored)).toHaveLength(1);
  expect(() => readRuns([])).toThrow(InputError);
});

function withRoot(root: unknown): unknown {
  return { ...stored, source: { bootCpu: 0, reservations: [], root } };
}
