import { play, type Reconciler, type Scenario } from '../migration/index.ts';
import { addFailures, brokenRules, type Failure, trimmed } from './failures.ts';
import { goThrough } from './search/go-through.ts';
import type { Part } from './search/part.ts';
import type { Bounds } from './search/walk.ts';
import { addSights, Looking } from './sights.ts';

/** What a search went through and found; results of parts add up (`addExplored`). */
export interface Explored {
  /** Runs that came to their end. */
  readonly runs: number;
  /** Runs that were left because what followed was seen in another order. */
  readonly pruned: number;
  /** Whether there is nothing left, within the bounds, but what is left to others. */
  readonly complete: boolean;
  readonly failures: readonly Failure[];
  /** What runs were seen to do, with the number of runs. */
  readonly sights: readonly (readonly [string, number])[];
}

export interface ExploreOptions {
  readonly bounds?: Bounds;
  readonly part?: Part;
  /** Rules that do not count. */
  readonly allowed?: readonly string[];
  /** Instead of the one that the policy `reconcile` means. */
  readonly reconciler?: Reconciler;
  /** Asked now and then, with the runs so far. @returns whether to go on */
  readonly goOn?: (runs: number) => boolean;
}

/** In the words of sights. */
export const preempted = 'thread left for another that could go on';

/**
 * Runs a scenario in every way that differs in who of the threads goes on, in the order of messages, in how lists are cut
 * into calls, and in where faults strike that may strike. Orders of steps that commute are one.
 */
export function explore(scenario: Scenario, options: ExploreOptions = {}): Explored {
  return exploreSome(scenario, Infinity, options).explored;
}

/** What was found in some of the runs of a part, and the parts that the others make. */
export interface Some {
  readonly explored: Explored;
  readonly rest: readonly Part[];
}

/** Makes so many runs of a part, and leaves the rest to others: see `goThrough`. */
export function exploreSome(
  scenario: Scenario,
  most: number,
  { allowed = [], reconciler, ...options }: ExploreOptions = {},
): Some {
  const failures = new Map<string, Failure>();
  const sights = new Map<string, number>();
  const { rest, ...counts } = goThrough(
    (walk) => {
      const looking = new Looking();
      const played = play(scenario, {
        chooser: walk,
        watcher: walk,
        listener: looking,
        allowed,
        ...(reconciler && { reconciler }),
      });
      return { looking, played };
    },
    ({ looking, played }, walk) => {
      const choices = trimmed(walk.choices);
      addFailures(
        failures,
        brokenRules(played.verdict).map(({ rule, severity, subject, message }) => {
          return { rule, severity, subject, message, choices, runs: 1 };
        }),
      );
      if (walk.preempted) looking.seen.add(preempted);
      addSights(sights, looking.end(played));
    },
    { ...options, most },
  );
  return { explored: { ...counts, failures: [...failures.values()], sights: [...sights] }, rest };
}

/** Adds up what was found in parts of one space. */
export function addExplored(all: readonly Explored[]): Explored {
  const failures = new Map<string, Failure>();
  const sights = new Map<string, number>();
  for (const each of all) {
    addFailures(failures, each.failures);
    addSights(sights, each.sights);
  }
  const sum = (of: (each: Explored) => number) => all.reduce((total, each) => total + of(each), 0);
  return {
    runs: sum(({ runs }) => runs),
    pruned: sum(({ pruned }) => pruned),
    complete: all.every(({ complete }) => complete),
    failures: [...failures.values()],
    sights: [...sights],
  };
}
