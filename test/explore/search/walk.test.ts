import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ClientGroupName, withClientsAndFaults } from '../../../src/explore/client-groups.ts';
import {
  conflict,
  emptyFootprint,
  type Footprint,
  frees,
  Names,
} from '../../../src/explore/search/footprint.ts';
import { wholeSpace } from '../../../src/explore/search/part.ts';
import { searchPart } from '../../../src/explore/search/search-part.ts';
import type { Bounds, Walk } from '../../../src/explore/search/walk.ts';
import type { StepWatcher } from '../../../src/kernel/index.ts';
import { type PolicyChoice, play } from '../../../src/migration/index.ts';
import { example } from '../scenarios.ts';
import { choosing, outcomesOf, type Program, plainStep, type Step } from './programs.ts';

interface Taken extends Footprint {
  readonly thread: number;
}

/** Records all calls and forwards them to a walk. */
class Recorder implements StepWatcher {
  readonly steps: Taken[] = [];
  readonly #names = new Names();
  readonly #walk: Walk;

  constructor(walk: Walk) {
    this.#walk = walk;
  }

  ready(...args: Parameters<Walk['ready']>): void {
    this.#walk.ready(...args);
  }

  step(thread: number): void {
    this.steps.push({ thread, ...emptyFootprint() });
    this.#walk.step(thread);
  }

  read(what: string): void {
    this.#names.add(this.steps.at(-1)?.reads ?? [], what);
    this.#walk.read(what);
  }

  write(what: string): void {
    this.#names.add(this.steps.at(-1)?.writes ?? [], what);
    this.#walk.write(what);
  }

  free(what: string): void {
    this.#names.add(this.steps.at(-1)?.frees ?? [], what);
    this.#walk.free(what);
  }
}

/** Equal for two runs if they differ only in the order of independent steps. */
function orderOf(steps: readonly Taken[]): string {
  const counts = new Map<number, number>();
  const named = steps.map((step) => {
    const number = counts.get(step.thread) ?? 0;
    counts.set(step.thread, number + 1);
    return { step, name: `${step.thread}.${number}` };
  });
  const ordered = (one: Taken, other: Taken) =>
    one.thread !== other.thread && (conflict(one, other) || frees(one, other));
  return named
    .flatMap(({ step, name }, at) =>
      named
        .slice(at + 1)
        .filter((later) => ordered(step, later.step))
        .map((later) => `${name}<${later.name}`),
    )
    .sort()
    .join();
}

/** Makes all runs. @returns how often each order of dependent steps occurred */
async function orders(policy: PolicyChoice, groups: readonly ClientGroupName[], bounds: Bounds) {
  const base = await example('platform-facilities', policy);
  const scenario = withClientsAndFaults({ ...base, drivers: ['pseries-rng'] }, groups, []);
  const found = new Map<string, number>();
  searchPart(
    (walk) => {
      const watcher = new Recorder(walk);
      play(scenario, { chooser: walk, watcher });
      return orderOf(watcher.steps);
    },
    (order) => found.set(order, (found.get(order) ?? 0) + 1),
    { bounds },
  );
  return found;
}

describe('pruned orders lead to no other outcome', () => {
  // With a bound on preemptions no order is pruned.
  test.each([
    ['attach-subtree', 'operator', 2],
    ['notify', 'operator', 2],
    ['rebind', 'operator', 2],
    ['detach', 'readers', 1],
    ['ignore', 'readers', 1],
  ] as const)('%s, %s, at most %i preemptions', async (policy, group, preemptions) => {
    const reduced = await orders(policy, [group], { deviations: 0 });
    expect(new Set(reduced.values())).toEqual(new Set([1]));
    const all = await orders(policy, [group], { deviations: 0, preemptions });
    expect(all.size).toBeGreaterThan(1);
    expect(Array.from(all.keys()).filter((order) => !reduced.has(order))).toEqual([]);
  });

  const reduced = (program: Program, bounds: Bounds) =>
    new Set(outcomesOf(program, bounds, wholeSpace).outcomes.keys());
  const all = (program: Program, bounds: Bounds) => reduced(program, { ...bounds, preemptions: 99 });

  test('of any threads that read, write, choose, wait and lock', () => {
    fc.assert(
      fc.property(choosing, fc.nat(2), (program, deviations) => {
        expect(reduced(program, { deviations })).toEqual(all(program, { deviations }));
      }),
    );
  });

  const writes = (...what: string[]): Step => ({ ...plainStep, writes: what });
  const takes = (...what: string[]): Step => ({ ...writes(...what), lock: 'take' });
  const release: Step = { ...plainStep, lock: 'release' };
  test.each<[string, Program]>([
    [
      'where the thread that races sleeps',
      [[writes('b')], [writes('a'), writes('b')], [writes('b'), writes('a')]],
    ],
    [
      'where a thread waits until another releases the lock',
      [[plainStep, takes('a', 'b'), release], [plainStep, takes('b'), release], [writes('a')]],
    ],
    ['where one waits for ever', [[takes('a')], [plainStep, takes('a')], [plainStep, takes('a')]]],
  ])('%s', (_name, program) => {
    expect(reduced(program, {})).toEqual(all(program, {}));
  });
});
