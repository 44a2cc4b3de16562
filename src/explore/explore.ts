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
  /** Whether there is nothing left, within the bounds. */
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
  return search(scenario, options, Infinity).explored;
}

/** What was found above a number of choices, and what begins there and is left to whoever takes it. */
export interface Split {
  readonly explored: Explored;
  readonly parts: readonly Part[];
}

/** Parts that a space is at least cut into, where it has so many. */
const enough = 24;

/**
 * Cuts a part of the space into smaller ones. Where it is cut depends on nothing but the part, so that the same search
 * consists of the same parts wherever it is made.
 */
export function split(scenario: Scenario, options: ExploreOptions = {}): Split {
  const { prefix } = options.part ?? wholeSpace;
  for (let depth = prefix.length + 2; ; depth += 2) {
    const cut = search(scenario, options, depth);
    if (cut.parts.length === 0 || cut.parts.length >= enough || !cut.explored.complete) return cut;
  }
}

function search(
  scenario: Scenario,
  { bounds = {}, part = wholeSpace, allowed = [], reconciler, goOn = () => true }: ExploreOptions,
  depth: number,
): Split {
  const walk = new Walk(bounds, part, depth === Infinity ? 0 : depth);
  const failures = new Map<string, Failure>();
  const sights = new Map<string, number>();
  const parts: Part[] = [];
  let [runs, pruned] = [0, 0];
  let isLeft = true;
  while (isLeft && ((runs + pruned) % breath !== 0 || goOn(runs, pruned))) {
    const looking = new Looking();
    const played = playWith(looking);
    if (walk.choices.length > depth) parts.push(walk.handOver(depth));
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
    isLeft = walk.next();
  }
  const explored = {
    runs,
    pruned,
    complete: !isLeft,
    failures: [...failures.values()],
    sights: [...sights],
  };
  return { explored, parts };

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
