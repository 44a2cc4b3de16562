import { type Played, play, type Reconciler, type Scenario } from '../migration/index.ts';
import { addFailures, brokenRules, type Failure, trimmed } from './failures.ts';
import { type Part, wholeSpace } from './search/part.ts';
import { type Bounds, Pruned, Walk } from './search/walk.ts';
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
  /** Asked now and then, with what was done so far. @returns whether to go on */
  readonly goOn?: (runs: number, pruned: number) => boolean;
}

/** In the words of sights. */
export const preempted = 'thread left for another that could go on';

/** Runs between two questions whether to go on. */
const breath = 64;

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

/** Parts that a rest consists of, more or less, where it has so many. */
const enough = 16;

/**
 * Makes so many runs of a part, and leaves the rest to others, in parts. What those are depends on nothing but the part, so
 * that the same search consists of the same parts wherever it is made.
 */
export function exploreSome(
  scenario: Scenario,
  most: number,
  { bounds = {}, part = wholeSpace, allowed = [], reconciler, goOn = () => true }: ExploreOptions = {},
): Some {
  const walk = new Walk(bounds, part);
  const failures = new Map<string, Failure>();
  const sights = new Map<string, number>();
  const rest: Part[] = [];
  let [runs, pruned] = [0, 0];
  let isLeft = true;
  let isStopped = false;
  do {
    isStopped = (runs + pruned) % breath === 0 && !goOn(runs, pruned);
    if (isStopped) break;
    run();
    isLeft = walk.next();
  } while (isLeft && runs + pruned < most);
  if (isLeft && !isStopped) {
    rest.push(walk.handOverRest(enough));
    while (walk.next()) run(walk.depth);
  }
  const explored = {
    runs,
    pruned,
    complete: !isStopped,
    failures: [...failures.values()],
    sights: [...sights],
  };
  return { explored, rest };

  /** @param depth so many choices deep a run is left to others, with what begins like it */
  function run(depth = Infinity): void {
    const looking = new Looking();
    const played = playWith(looking);
    if (walk.choices.length > depth) rest.push(walk.handOver(depth));
    else if (!played) pruned++;
    else {
      runs++;
      const choices = trimmed(walk.choices);
      addFailures(
        failures,
        brokenRules(played.verdict).map(({ rule, severity, subject, message }) => {
          return { rule, severity, subject, message, choices, runs: 1 };
        }),
      );
      if (walk.preempted) looking.seen.add(preempted);
      addSights(sights, looking.end(played));
    }
  }

  /** @returns nothing where the run was left */
  function playWith({ onCall }: Looking): Played | undefined {
    try {
      return play(scenario, {
        chooser: walk,
        watcher: walk,
        onCall,
        allowed,
        ...(reconciler && { reconciler }),
      });
    } catch (error) {
      if (error instanceof Pruned) return undefined;
      throw error;
    }
  }
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
