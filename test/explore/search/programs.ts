import fc from 'fast-check';
import type { Part } from '../../../src/explore/search/part.ts';
import { searchPart } from '../../../src/explore/search/search-part.ts';
import type { Bounds, Walk } from '../../../src/explore/search/walk.ts';

/** A step: what it waits for and accesses, and what else it writes in each of its options. */
export interface Step {
  /** What must have been written before. */
  readonly needs: string | null;
  /** Takes the lock, releases it, or holds it for this step only. */
  readonly lock: 'take' | 'release' | 'hold' | null;
  readonly reads: readonly string[];
  readonly writes: readonly string[];
  readonly ways: readonly (readonly string[])[];
  /** The name of a value whose length decides the option by its parity; `null`: the option is chosen. */
  readonly looksAt: string | null;
}

export type Program = readonly (readonly Step[])[];

export const plainStep: Step = { needs: null, lock: null, reads: [], writes: [], ways: [], looksAt: null };

const takes = (step: Step | undefined) => step?.lock === 'take' || step?.lock === 'hold';

/** Runs all threads to their end. @returns what each step read, and the final state */
function run(program: Program, walk: Walk): string {
  const at = program.map(() => 0);
  const state = new Map<string, string>();
  let owner: number | undefined;
  const seen = program.map((): string[] => []);
  for (;;) {
    const threads = program.flatMap((steps, thread) => {
      const next = steps[at[thread] ?? 0];
      if (takes(next) && owner !== undefined) return [];
      return next && (next.needs === null || state.has(next.needs)) ? [thread] : [];
    });
    walk.ready(threads, () =>
      program.flatMap((steps, thread) => {
        const next = steps[at[thread] ?? 0];
        if (!next || threads.includes(thread)) return [];
        return [{ thread, what: takes(next) && owner !== undefined ? 'lock' : (next.needs ?? '') }];
      }),
    );
    if (threads.length === 0) break;
    const thread = threads[walk.choose(threads.length, 'run')] ?? 0;
    walk.step(thread);
    const number = at[thread] ?? 0;
    const {
      needs = null,
      lock = null,
      reads = [],
      writes = [],
      ways = [],
      looksAt = null,
    } = program[thread]?.[number] ?? {};
    if (needs !== null) walk.read(needs);
    if (lock === 'take' || lock === 'hold') walk.write('lock');
    if (lock === 'hold') walk.free('lock');
    at[thread] = number + 1;
    if (lock === 'take') owner = thread;
    if (lock === 'release' && owner === thread) {
      walk.free('lock');
      owner = undefined;
    }
    const write = (what: string, value: string) => {
      walk.write(what);
      state.set(what, `${state.get(what) ?? ''} ${value}`);
    };
    for (const what of reads) {
      walk.read(what);
      seen[thread]?.push(`${what}=${state.get(what)}`);
    }
    for (const what of writes) write(what, `${thread}.${number}`);
    if (looksAt !== null) walk.read(looksAt);
    const way = looksAt === null ? walk.choose(ways.length, 'way') : (state.get(looksAt) ?? '').length % 2;
    for (const what of ways[way] ?? []) write(what, `${thread}.${number}:${way}`);
  }
  return JSON.stringify([at, seen, [...state].sort()]);
}

/** Counts the outcomes of a part, and returns the parts that remain after `maxRuns` runs. */
export function outcomesOf(program: Program, bounds: Bounds, part: Part, maxRuns = Infinity, maxParts = 3) {
  const outcomes = new Map<string, number>();
  const { rest, pruned } = searchPart(
    (walk) => run(program, walk),
    (outcome) => outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1),
    { bounds, part, maxRuns, maxParts },
  );
  return { outcomes, pruned, rest };
}

const touched = fc.uniqueArray(fc.constantFrom('a', 'b', 'c'), { maxLength: 1 });
/** Two or three threads of a few steps. Some use a lock, and some of those never release it. */
const programs = (ways: fc.Arbitrary<Step['ways']>): fc.Arbitrary<Program> => {
  const looksAt = fc.oneof(
    { weight: 4, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: fc.constantFrom('a', 'b') },
  );
  const needs = fc.oneof(
    { weight: 4, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: fc.constantFrom('a', 'b') },
  );
  const lock = fc.oneof(
    { weight: 3, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: fc.constantFrom('take' as const, 'release' as const, 'hold' as const) },
  );
  const step = fc.record({ needs, lock, reads: touched, writes: touched, ways, looksAt });
  const some = fc.array(step, { minLength: 1, maxLength: 3 });
  const locked = fc.tuple(some, some).map(([inside, after]) => {
    const [first, last] = [
      { ...plainStep, lock: 'take' as const },
      { ...plainStep, lock: 'release' as const },
    ];
    return [first, ...inside.slice(0, 1), last, ...after.slice(0, 1)].map((each) => ({
      ...each,
      needs: null,
    }));
  });
  return fc.array(fc.oneof(some, locked), { minLength: 2, maxLength: 3 });
};
export const plain = programs(fc.constant([]));
export const choosing = programs(
  fc.oneof(fc.constant([]), fc.array(touched, { minLength: 2, maxLength: 2 })),
);
