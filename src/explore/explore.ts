import { RunCache } from '../base/index.ts';
import { play, type Reconciler, type Scenario } from '../migration/index.ts';
import { addCoverage, CoverageCollector } from './coverage.ts';
import { addFailures, brokenRulesMemo, type Failure, trimmed } from './failures.ts';
import type { Part } from './search/part.ts';
import { searchPart } from './search/search-part.ts';
import type { Bounds } from './search/walk.ts';

/** What a search went through and found; results of parts add up (`addExplored`). */
export interface ExploreResult {
  /** Runs that came to their end. */
  readonly runs: number;
  /** Runs that were left because what followed was seen in another order. */
  readonly pruned: number;
  /** Whether there is nothing left, within the bounds, but what is left to others. */
  readonly complete: boolean;
  readonly failures: readonly Failure[];
  /** What runs were seen to do, with the number of runs. */
  readonly coverage: readonly (readonly [string, number])[];
}

export interface ExploreOptions {
  readonly bounds?: Bounds;
  readonly part?: Part;
  /** Rules that do not count. */
  readonly allowed?: readonly string[];
  /** Instead of the one that the policy `reconcile` means. */
  readonly reconciler?: Reconciler;
  /** Asked now and then, with the runs so far. @returns whether to go on */
  readonly shouldContinue?: (runs: number) => boolean;
}

/** Coverage entry: a thread that could continue was preempted. */
export const PREEMPTED = 'thread left for another that could go on';

/**
 * Runs a scenario in every way that differs in who of the threads goes on, in the order of messages, in how lists are cut
 * into calls, and in where faults strike that may strike. Orders of steps that commute are one.
 */
export function explore(scenario: Scenario, options: ExploreOptions = {}): ExploreResult {
  return explorePart(scenario, Infinity, options).result;
}

/** What was found in some of the runs of a part, and the parts that the others make. */
export interface ExplorePartResult {
  readonly result: ExploreResult;
  readonly rest: readonly Part[];
}

/** Makes so many runs of a part, and leaves the rest to others: see `goThrough`. */
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

/** Adds up what was found in parts of one space. */
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
