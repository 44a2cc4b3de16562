import { type Part, wholeSpace } from './part.ts';
import { type Bounds, Pruned, Walk } from './walk.ts';

/** Options of `searchPart`. */
export interface SearchOptions {
  readonly bounds?: Bounds;
  readonly part?: Part;
  /** Number of runs, pruned ones included, after which the remainder is returned as parts; absent: no limit. */
  readonly maxRuns?: number;
  /** Maximum number of parts of the remainder; absent: 16. */
  readonly maxParts?: number;
  /** Called every 64 runs, with the number of runs so far. The search stops when it returns false. */
  readonly shouldContinue?: (runs: number) => boolean;
}

/** Counts of the runs that were made, and the remainder. */
export interface SearchResult {
  /** Runs that ended. */
  readonly runs: number;
  /** Runs that were pruned because every continuation is equivalent to an explored one. */
  readonly pruned: number;
  /** Whether `shouldContinue` never stopped the search. */
  readonly complete: boolean;
  /** The remainder, as parts. */
  readonly rest: readonly Part[];
}

/** Runs between two calls of `shouldContinue`. */
const BUDGET_INTERVAL = 64;

/**
 * Makes the runs of a part up to a number, and returns the remainder as further parts. These depend only on the part, so a
 * search consists of the same parts on every machine.
 *
 * @param run  makes one run with the choices of the walk
 * @param take receives the outcome of each run that was not pruned, while the walk has its choices
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

  /** @returns undefined for a pruned run */
  function tryOne(): { readonly outcome: Outcome } | undefined {
    try {
      return { outcome: run(walk) };
    } catch (error) {
      if (error instanceof Pruned) return undefined;
      throw error;
    }
  }
}
