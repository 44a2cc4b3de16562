import { expect, test } from 'vitest';
import type { LogLine, Observation } from '../../../src/partition/index.ts';
import { explainLine, warningReports } from '../../../src/report/page/log-events.ts';

const MESSAGE = 'refcount_t: addition on 0; use-after-free.';
const CUT = '------------[ cut here ]------------';

function observed(texts: readonly string[], at: number, callChain: readonly string[]): Observation {
  const log = texts.map((text): LogLine => ({ seconds: 1, text }));
  const platform = { kind: 'capture', release: '', policy: '', description: '' } as const;
  const root = { name: '', properties: [], children: [] };
  return {
    platform,
    tree: { bootCpu: 0, reservations: [], root },
    unread: [],
    devices: [],
    log,
    warnings: [{ at, message: MESSAGE, callChain }],
    drivers: [],
  };
}

/** Kinds of the lines of a log: `warning`, `trace`, or `-`. */
function kindsOf(observation: Observation): string {
  const reports = warningReports(observation);
  const kinds = observation.log.map((line, at) => explainLine(at, line.text, line, reports).kind ?? '-');
  return kinds.join(' ');
}

test('a report ends with its end marker', () => {
  const texts = ['before', MESSAGE, 'NIP: 0', '---[ end trace 0 ]---', 'after'];
  expect(kindsOf(observed(texts, 1, []))).toBe('- warning trace trace -');
});

test('a report without an end marker ends before the next one, or at its maximum length', () => {
  const next = [MESSAGE, 'NIP: 0', CUT, 'other'];
  expect(kindsOf(observed(next, 0, []))).toBe('warning trace - -');
  const chain = ['a', 'b', 'c'];
  const long = [MESSAGE, ...Array.from({ length: 30 }, (_, at) => `line ${at}`)];
  const kinds = kindsOf(observed(long, 0, chain)).split(' ');
  // The lines of the call chain, and 15 others after the message.
  expect(kinds.filter((kind) => kind === 'trace')).toHaveLength(3 + 15);
  expect(kinds.slice(19)).toEqual(long.slice(19).map(() => '-'));
});

test('the event of a report has its message, place and meaning', () => {
  const observation = observed([MESSAGE], 0, []);
  const [warning] = observation.warnings;
  if (!warning) throw new Error('a warning is missing');
  const reports = warningReports({ ...observation, warnings: [{ ...warning, place: 'lib/refcount.c:25' }] });
  expect(explainLine(0, MESSAGE, observation.log[0], reports)).toEqual({
    kind: 'warning',
    text: `${MESSAGE} (lib/refcount.c:25)`,
    weight: 'bad',
    meaning: expect.any(String),
  });
});

test.each([
  ['an unknown line', 'hello', undefined, {}],
  ['an unknown line of KERN_WARNING', 'hello', 4, {}],
  ['an unknown line of KERN_ERR', 'hello', 3, { weight: 'bad' }],
  ['an unknown line of KERN_EMERG', 'hello', 0, { weight: 'bad' }],
  ['a known line of a step', 'mobility: removing node /a:4294967285', 6, { meaning: expect.any(String) }],
  ['a known line of trouble', MESSAGE, 6, { meaning: expect.any(String), weight: 'bad' }],
])('%s', (_, text, level, expected) => {
  const line = { seconds: 1, text, ...(level !== undefined && { level }) };
  expect(explainLine(0, text, line, new Map())).toEqual(expected);
});
