import { RunCache } from '../base/index.ts';
import { play, type Reconciler, type Scenario } from '../migration/index.ts';
import { addCoverage, CoverageCollector } from './coverage.ts';
import { addFailures, brokenRulesMemo, type Failure, trimmed } from './failures.ts';
import type { Part } from './search/part.ts';
import { searchPart } from './search/search-part.ts';
import type { Bounds } from './search/walk.ts';

/** The result of a search. Results of parts of one search can be added: `addExploreResults`. */
export interface ExploreResult {
  /** Runs that ended. */
  readonly runs: number;
  /** Runs that were pruned because every continuation is equivalent to an explored one. */
  readonly pruned: number;
  /** Whether nothing remains within the bounds, except parts that were handed over. */
  readonly complete: boolean;
  readonly failures: readonly Failure[];
  /** Events that occurred, each with the number of runs in which it did. */
  readonly coverage: readonly (readonly [string, number])[];
}

/** Options of a search. */
export interface ExploreOptions {
  readonly bounds?: Bounds;
  /** The part of the search to make; absent: all of it. */
  readonly part?: Part;
  /** Names of rules whose findings are no failures. */
  readonly allowed?: readonly string[];
  /** Replaces the reconciler of the policy `reconcile`. */
  readonly reconciler?: Reconciler;
  /** Called every 64 runs, with the number of runs so far. The search stops when it returns false. */
  readonly shouldContinue?: (runs: number) => boolean;
}

/** Coverage entry: a thread that could continue was preempted. */
export const PREEMPTED = 'thread left for another that could go on';

/**
 * Runs a scenario on the model with every order of threads and messages, every split of lists into calls, and every point at
 * which a possible fault can be injected, within the bounds. Runs that differ only in the order of independent steps are made
 * once.
 *
 * ```ts
 * const { failures, complete } = explore(scenario, { bounds: { deviations: 1 } });
 * ```
 *
 * @throws InputError for a scenario that cannot be run, see `play`
 */
export function explore(scenario: Scenario, options: ExploreOptions = {}): ExploreResult {
  return explorePart(scenario, Infinity, options).result;
}

/** The result of some runs of a part, and the parts that its remaining runs make up. */
export interface ExplorePartResult {
  readonly result: ExploreResult;
  readonly rest: readonly Part[];
}

/** Makes at most `maxRuns` runs of a part, and returns the remaining runs as parts: see `searchPart`. */
export function explorePart(
  scenario: Scenario,
  maxRuns: number,
  { allowed = [], reconciler, ...options }: ExploreOptions = {},
): ExplorePartResult {
  const cache = new RunCache();
  const failures = new Map<string, Failure>();
  const coverage = new Map<string, number>();
  const { rest, ...counts } = searchPart(
    (walk) => {
      const collector = new CoverageCollector(cache);
      const played = play(scenario, {
        chooser: walk,
        watcher: walk,
        listener: collector,
        allowed,
        cache,
        ...(reconciler && { reconciler }),
      });
      return { collector, played };
    },
    ({ collector, played }, walk) => {
      const choices = trimmed(walk.choices);
      addFailures(
        failures,
        cache.get(brokenRulesMemo, played.verdict).map(({ rule, severity, subject, message }) => {
          return { rule, severity, subject, message, choices, runs: 1 };
        }),
      );
      if (walk.preempted) collector.seen.add(PREEMPTED);
      addCoverage(coverage, collector.finish(played));
    },
    { ...options, maxRuns },
  );
  return { result: { ...counts, failures: [...failures.values()], coverage: [...coverage] }, rest };
}

/** Adds the results of parts of one search. */
export function addExploreResults(all: readonly ExploreResult[]): ExploreResult {
  const failures = new Map<string, Failure>();
  const coverage = new Map<string, number>();
  for (const each of all) {
    addFailures(failures, each.failures);
    addCoverage(coverage, each.coverage);
  }
  const sum = (of: (each: ExploreResult) => number) => all.reduce((total, each) => total + of(each), 0);
  return {
    runs: sum(({ runs }) => runs),
    pruned: sum(({ pruned }) => pruned),
    complete: all.every(({ complete }) => complete),
    failures: [...failures.values()],
    coverage: [...coverage],
  };
}
