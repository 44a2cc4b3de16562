import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { wholeSpace } from '../../../src/explore/search/part.ts';
import { type Bounds, Pruned, Walk } from '../../../src/explore/search/walk.ts';
import { type CrowdName, inhabited } from '../../../src/explore/setup.ts';
import { type PolicyChoice, play } from '../../../src/migration/index.ts';
import { example } from '../scenarios.ts';
import { choosing, goThrough, type Program, plainStep, type Step } from './programs.ts';

/** What one can tell a run by when it is over, whatever the order of its log. */
function outcome({ evidence, verdict }: ReturnType<typeof play>): string {
  const { after, outcomes } = evidence;
  const findings = verdict.findings.map(({ rule, subject }) => `${rule} ${subject}`).sort();
  const lines = after.log.map(({ text }) => text).sort();
  return JSON.stringify(
    [lines, after.tree, after.devices, after.drivers, outcomes, findings],
    (_name, value) =>
      typeof value === 'bigint'
        ? String(value)
        : value instanceof Uint8Array
          ? Buffer.from(value).toString('hex')
          : value,
  );
}

/** Goes through all runs. With a bound on preemptions that none reaches, no order is left out. */
async function outcomes(
  policy: PolicyChoice,
  crowd: readonly CrowdName[],
  bounds: { preemptions?: number; departures?: number },
) {
  const base = await example('platform-facilities', policy);
  const scenario = inhabited({ ...base, drivers: ['pseries-rng'] }, crowd, []);
  const walk = new Walk(bounds);
  const found = new Set<string>();
  let [runs, pruned] = [0, 0];
  do {
    try {
      found.add(outcome(play(scenario, { chooser: walk, watcher: walk })));
      runs++;
    } catch (error) {
      if (!(error instanceof Pruned)) throw error;
      pruned++;
    }
  } while (walk.next());
  return { found, runs, pruned };
}

describe('orders that are left out lead nowhere else', () => {
  test.each([
    ['attach-subtree', 'operator', 2],
    ['notify', 'operator', 2],
    ['rebind', 'operator', 2],
    ['detach', 'readers', 1],
  ] as const)('%s, %s, at most %i preemptions', async (policy, crowd, preemptions) => {
    const reduced = await outcomes(policy, [crowd], { departures: 0 });
    const all = await outcomes(policy, [crowd], { departures: 0, preemptions });
    expect(all.pruned).toBe(0);
    expect(all.found.size).toBeGreaterThan(1);
    for (const each of all.found) expect(reduced.found).toContain(each);
  });

  const reduced = (program: Program, bounds: Bounds) =>
    new Set(goThrough(program, bounds, wholeSpace).outcomes.keys());
  const all = (program: Program, bounds: Bounds) => reduced(program, { ...bounds, preemptions: 99 });

  test('of any threads that read, write, choose, wait and lock', () => {
    fc.assert(
      fc.property(choosing, fc.nat(2), (program, departures) => {
        expect(reduced(program, { departures })).toEqual(all(program, { departures }));
      }),
    );
  });

  const writes = (...what: string[]): Step => ({ ...plainStep, writes: what });
  const takes = (...what: string[]): Step => ({ ...writes(...what), lock: 'take' });
  const letsGo: Step = { ...plainStep, lock: 'let go' };
  test.each<[string, Program]>([
    [
      'where the thread that races sleeps',
      [[writes('b')], [writes('a'), writes('b')], [writes('b'), writes('a')]],
    ],
    [
      'where a thread waits for another to let go',
      [[plainStep, takes('a', 'b'), letsGo], [plainStep, takes('b'), letsGo], [writes('a')]],
    ],
    ['where one waits for ever', [[takes('a')], [plainStep, takes('a')], [plainStep, takes('a')]]],
  ])('%s', (_name, program) => {
    expect(reduced(program, {})).toEqual(all(program, {}));
  });
});
