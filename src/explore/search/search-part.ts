import { type Part, wholeSpace } from './part.ts';
import { type Bounds, Pruned, Walk } from './walk.ts';

export interface SearchOptions {
  readonly bounds?: Bounds;
  readonly part?: Part;
  /** Runs after which the rest of the part is left to others; absent: none is. */
  readonly maxRuns?: number;
  /** Parts that the rest consists of, at most. */
  readonly maxParts?: number;
  /** Asked now and then, with the runs so far. @returns whether to go on */
  readonly shouldContinue?: (runs: number) => boolean;
}

export interface SearchResult {
  /** Runs that came to their end. */
  readonly runs: number;
  /** Runs that were left because what followed was seen in another order. */
  readonly pruned: number;
  /** Whether it was not told to stop. */
  readonly complete: boolean;
  /** What is left to others. */
  readonly rest: readonly Part[];
}

/** Runs between two questions whether to go on. */
const BUDGET_INTERVAL = 64;

/**
 * Makes the runs of a part, and leaves what is too much to others, in parts. What those are depends on nothing but the part,
 * so that the same search consists of the same parts wherever it is made.
 *
 * @param run  makes one, as the walk chooses
 * @param take given what came of each, while the walk knows its choices
 */
export function searchPart<Outcome>(
  run: (walk: Walk) => Outcome,
  take: (outcome: Outcome, walk: Walk) => void,
  {
    bounds,
    part = wholeSpace,
    maxRuns = Infinity,
    maxParts = 16,
    shouldContinue = () => true,
  }: SearchOptions,
): SearchResult {
  const walk = new Walk(bounds, part);
  let [runs, pruned] = [0, 0];
  do {
    if ((runs + pruned) % BUDGET_INTERVAL === 0 && !shouldContinue(runs))
      return { runs, pruned, complete: false, rest: [] };
    const ended = tryOne();
    if (ended) {
      runs++;
      take(ended.outcome, walk);
    } else pruned++;
    if (!walk.next()) return { runs, pruned, complete: true, rest: [] };
  } while (runs + pruned < maxRuns);
  return { runs, pruned, complete: true, rest: walk.handOverRest(maxParts) };

  /** @returns nothing where the run was left */
  function tryOne(): { readonly outcome: Outcome } | undefined {
    try {
      return { outcome: run(walk) };
    } catch (error) {
      if (error instanceof Pruned) return undefined;
      throw error;
    }
  }
}
