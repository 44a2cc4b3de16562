import { type Part, wholeSpace } from './part.ts';
import { type Bounds, Pruned, Walk } from './walk.ts';

export interface GoThroughOptions {
  readonly bounds?: Bounds;
  readonly part?: Part;
  /** Runs after which the rest of the part is left to others; absent: none is. */
  readonly most?: number;
  /** Parts that the rest consists of, at most. */
  readonly enough?: number;
  /** Asked now and then, with the runs so far. @returns whether to go on */
  readonly goOn?: (runs: number) => boolean;
}

export interface GoneThrough {
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
const breath = 64;

/**
 * Makes the runs of a part, and leaves what is too much to others, in parts. What those are depends on nothing but the part,
 * so that the same search consists of the same parts wherever it is made.
 *
 * @param run  makes one, as the walk chooses
 * @param take given what came of each, while the walk knows its choices
 */
export function goThrough<Outcome>(
  run: (walk: Walk) => Outcome,
  take: (outcome: Outcome, walk: Walk) => void,
  { bounds, part = wholeSpace, most = Infinity, enough = 16, goOn = () => true }: GoThroughOptions,
): GoneThrough {
  const walk = new Walk(bounds, part);
  let [runs, pruned] = [0, 0];
  do {
    if ((runs + pruned) % breath === 0 && !goOn(runs)) return { runs, pruned, complete: false, rest: [] };
    const ended = tryOne();
    if (ended) {
      runs++;
      take(ended.outcome, walk);
    } else pruned++;
    if (!walk.next()) return { runs, pruned, complete: true, rest: [] };
  } while (runs + pruned < most);
  return { runs, pruned, complete: true, rest: walk.handOverRest(enough) };

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
