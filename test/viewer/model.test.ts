import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { runsPage } from '../../src/report/index.ts';
import type { PageEvent, PageRun } from '../../src/report/page/document.ts';
import { align, firstDivergence } from '../../viewer/model/align.ts';
import { readLink, writeLink } from '../../viewer/model/deep-link.ts';
import { findingsAt } from '../../viewer/model/findings-at.ts';
import { hexRows } from '../../viewer/model/hex.ts';
import {
  indexHistory,
  isAttached,
  linkStateAt,
  nodeStateAt,
  referencesAt,
} from '../../viewer/model/history.ts';
import {
  findPath,
  indexTree,
  openRows,
  pathOf,
  search,
  withAncestors,
} from '../../viewer/model/tree-index.ts';
import { isSignificant, visibleEvents } from '../../viewer/model/visible-events.ts';
import { storyUnder } from './runs.ts';

const run = runsPage([await storyUnder('detach')]).runs[0] as PageRun;
const index = indexTree(run.tree);
const history = indexHistory(run);
const random = '/ibm,platform-facilities/ibm,random-v1';
const seed = { seed: 6, numRuns: 200 };

function eventsOf(texts: readonly string[]): PageEvent[] {
  return texts.map((text, id) => ({ id, seconds: 0, lane: 'log', kind: 'log', text }));
}

test('findings about a node up to an event, the severest first, without allowed ones', () => {
  const finding = { subject: '/a', message: '', evidence: [], allowed: false, node: 1 };
  const findings = [
    { ...finding, rule: 'stale-property', severity: 'stale' as const },
    { ...finding, rule: 'lost-node', severity: 'damage' as const, event: 12 },
    { ...finding, rule: 'lost-node', severity: 'damage' as const, event: 13 },
    { ...finding, rule: 'dangling-link', severity: 'damage' as const, event: 12, allowed: true },
    { ...finding, rule: 'use-after-free', severity: 'damage' as const, node: undefined },
  ].map(({ node, ...rest }) => (node === undefined ? rest : { ...rest, node }));
  const rules = { 'lost-node': { title: 'lost node', why: '', remedy: '', fixedIn: null } };
  // Ids that are not positions: 10, 11, …
  const events = eventsOf(['a', 'b', 'c', 'd', 'e']).map((event) => ({ ...event, id: event.id + 10 }));
  const at = (t: number) => findingsAt(indexHistory({ ...run, events, findings }), rules, t);
  expect(at(1).size).toBe(0);
  expect(at(2)).toEqual(new Map([[1, { severity: 'damage', titles: ['lost node'] }]]));
  // A finding without an event exists only at the end.
  expect(at(4).get(1)?.titles).toEqual(['lost node', 'stale-property']);
});

describe('aligning two runs', () => {
  const alignTexts = (one: readonly string[], other: readonly string[]) =>
    align(eventsOf(one), eventsOf(other), [[...one.keys()], [...other.keys()]]);

  /** Length of the longest common subsequence, by definition. */
  function longestCommon([head, ...rest]: readonly string[], other: readonly string[]): number {
    if (head === undefined) return 0;
    const at = other.indexOf(head);
    const without = longestCommon(rest, other);
    return at < 0 ? without : Math.max(without, 1 + longestCommon(rest, other.slice(at + 1)));
  }

  test('keeps both runs complete and in order, and pairs as many equal events as possible', () => {
    const list = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 9 });
    fc.assert(
      fc.property(list, list, (one, other) => {
        const pairs = alignTexts(one, other);
        expect(pairs.flatMap(({ left }) => left ?? [])).toEqual([...one.keys()]);
        expect(pairs.flatMap(({ right }) => right ?? [])).toEqual([...other.keys()]);
        const common = pairs.filter(({ left, right }) => left !== undefined && right !== undefined);
        for (const { left, right } of common) expect(one[left ?? -1]).toBe(other[right ?? -1]);
        expect(common).toHaveLength(longestCommon(one, other));
        expect(firstDivergence(pairs) === -1).toBe(one.join() === other.join());
      }),
      seed,
    );
  });

  test('shows the left events of a difference before the right ones', () => {
    expect(alignTexts(['a', 'b', 'c', 'd'], ['a', 'x', 'y', 'd'])).toEqual([
      { left: 0, right: 0 },
      { left: 1 },
      { left: 2 },
      { right: 1 },
      { right: 2 },
      { left: 3, right: 3 },
    ]);
  });

  test('only shown events are aligned, by lane and kind, too', () => {
    const [a, b, c] = eventsOf(['a', 'b', 'c']) as [PageEvent, PageEvent, PageEvent];
    expect(align([a, b, c], [a, { ...b, kind: 'warning' }, c], [[0, 2], [2]])).toEqual([
      { left: 0 },
      { left: 2, right: 2 },
    ]);
    expect(align([a], [{ ...a, kind: 'warning' }], [[0], [0]])).toEqual([{ left: 0 }, { right: 0 }]);
    expect(align([a], [{ ...a, lane: 'of' }], [[0], [0]])).toEqual([{ left: 0 }, { right: 0 }]);
  });

  test('long runs that differ in few places are aligned to the end', () => {
    const one = Array.from({ length: 20_000 }, (_, at) => `event ${at % 500}`);
    const other = one.filter((_, at) => at % 1000 !== 7).concat('last');
    const pairs = alignTexts(one, other);
    expect(pairs).toHaveLength(20_001);
    expect(pairs.filter(({ right }) => right === undefined).map(({ left }) => left)).toEqual(
      Array.from({ length: 20 }, (_, at) => 1000 * at + 7),
    );
  });

  test('long runs that differ in too many places are not aligned after their common start', () => {
    const different = (name: string) => Array.from({ length: 1500 }, (_, at) => `${name} ${at}`);
    const texts = (name: string) => ['same', ...different(name), 'end'];
    const pairs = alignTexts(texts('a'), texts('b'));
    expect(pairs).toHaveLength(1 + 1501 + 1501);
    expect(firstDivergence(pairs)).toBe(1);
    expect(pairs[1501]).toEqual({ left: 1501 });
    expect(pairs[1502]).toEqual({ right: 1 });
  });
});

test('an address can be read back, for any name of a node', () => {
  const link = fc.record({
    event: fc.nat(1e6),
    node: fc.string({ unit: 'grapheme' }).map((name) => `/${name}`),
  });
  fc.assert(
    fc.property(link, (written) => {
      expect(readLink(writeLink(written))).toEqual(written);
    }),
    seed,
  );
  expect(writeLink({ event: 42, node: '/ibm,platform-facilities' })).toBe(
    '#event=42&node=/ibm,platform-facilities',
  );
});

test('paths and numbers of nodes convert to each other', () => {
  for (const number of run.tree.names.keys()) expect(findPath(index, pathOf(index, number))).toBe(number);
  expect(findPath(index, '/no/such')).toBeUndefined();
});

test('search by name, path and phandle', () => {
  const number = findPath(index, random) ?? -1;
  expect(search(index, 'RANDOM')).toEqual([number]);
  expect(search(index, 'facilities/ibm,random')).toEqual([number]);
  expect(search(index, '0xfffffff5')).toEqual([number]);
  expect(search(index, 'fffffff5')).toEqual([number]);
  expect(search(index, '/random')).toEqual([]);
  expect(withAncestors(index, [number]).map((one) => pathOf(index, one))).toEqual([
    '/',
    '/ibm,platform-facilities',
    random,
  ]);
  expect(openRows(index, new Set([0]))).toHaveLength(2);
});

test('a node over time: attached, detached with a holder, and its link', () => {
  const node = findPath(index, random) ?? -1;
  const device = run.devices.find((one) => one.node === node) as PageRun['devices'][number];
  const at = run.events.findIndex((event) => event.kind === 'detach' && event.node === node);
  expect([isAttached(history, node, at - 1), isAttached(history, node, at)]).toEqual([true, false]);
  expect([nodeStateAt(history, node, at - 1), nodeStateAt(history, node, history.last)]).toEqual([
    'kept',
    'detached',
  ]);
  expect([linkStateAt(history, device, at - 1), linkStateAt(history, device, at)]).toEqual([
    'resolves',
    'dangling',
  ]);
});

test('after every event the holders add up to the count, unless it is saturated', () => {
  for (const node of run.tree.names.keys()) {
    for (let t = 0; t <= history.last; t++) {
      for (const { count, holders, exists } of referencesAt(history, node, t)) {
        if (!exists || count < 0) continue;
        const held = holders.reduce((sum, [, times]) => sum + times, 0);
        expect(held, `${pathOf(index, node)} at ${t}`).toBe(count);
      }
    }
  }
});

test('a device without a node keeps its link state', () => {
  const device = { name: 'd', driver: null, driverBefore: null, node: -1, link: 'absent' as const };
  expect(linkStateAt(history, device, 0)).toBe('absent');
});

test.each([
  ['attach', undefined, true],
  ['unbind', undefined, true],
  ['bind', undefined, true],
  ['unregister', undefined, true],
  ['update-property', undefined, true],
  ['rtas', undefined, false],
  ['log', undefined, false],
  ['get', undefined, false],
  ['rtas', 'bad', true],
  ['log', 'bad', true],
] as const)('an event of kind %s and weight %s is significant: %s', (kind, weight, expected) => {
  const [event] = eventsOf(['']) as [PageEvent];
  expect(isSignificant({ ...event, kind, ...(weight && { weight }) })).toBe(expected);
});

test('details and hidden lanes are not visible', () => {
  const [event] = eventsOf(['']) as [PageEvent];
  const kinds = ['log', 'get', 'put', 'trace'];
  const events = [...kinds.map((kind) => ({ ...event, kind })), { ...event, lane: 'of' as const }];
  expect(visibleEvents(events, { hidden: new Set(), detail: false })).toEqual([0, 4]);
  expect(visibleEvents(events, { hidden: new Set(), detail: true })).toEqual([0, 1, 2, 3, 4]);
  expect(visibleEvents(events, { hidden: new Set(['log']), detail: true })).toEqual([4]);
});

test('hex: rows are split by range, and omit zeros at the end', () => {
  const ranges = [
    { offset: 0, length: 4, meaning: 'a', value: '' },
    { offset: 4, length: 16, meaning: 'b', value: '' },
    { offset: 20, length: 4076, meaning: 'rest', value: '' },
  ];
  const { rows, omitted } = hexRows({ title: '', size: 4096, hex: '0102', ranges });
  expect(omitted).toBe(4076);
  expect(rows).toEqual([
    {
      offset: 0,
      pieces: [
        { at: 0, range: 0, text: '01 02 00 00' },
        { at: 4, range: 1, text: '00 00 00 00 00 00 00 00 00 00 00 00' },
      ],
    },
    { offset: 16, pieces: [{ at: 16, range: 1, text: '00 00 00 00' }] },
  ]);
});
