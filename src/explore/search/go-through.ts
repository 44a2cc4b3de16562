import { type Part, wholeSpace } from './part.ts';
import { type Bounds, Pruned, Walk } from './walk.ts';

export interface GoThroughOptions {
  readonly bounds?: Bounds;
  readonly part?: Part;
  /** Runs after which the rest of the part is left to others; absent: none is. */
  readonly most?: number;
  /** Parts that the rest consists of, more or less, where it has so many. */
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
 * @param take given what came of each that is not left to others, while the walk knows its choices
 */
export function goThrough<Outcome>(
  run: (walk: Walk) => Outcome,
  take: (outcome: Outcome, walk: Walk) => void,
  { bounds, part = wholeSpace, most = Infinity, enough = 16, goOn = () => true }: GoThroughOptions,
): GoneThrough {
  const walk = new Walk(bounds, part);
  const rest: Part[] = [];
  let [runs, pruned] = [0, 0];
  do {
    if ((runs + pruned) % breath === 0 && !goOn(runs)) return { runs, pruned, complete: false, rest };
    once(Infinity);
    if (!walk.next()) return { runs, pruned, complete: true, rest };
  } while (runs + pruned < most);
  rest.push(walk.handOverRest(enough));
  while (walk.next()) once(walk.depth);
  return { runs, pruned, complete: true, rest };

  /** @param depth so many choices deep a run is left to others, with what begins like it */
  function once(depth: number): void {
    const ended = tryOne();
    if (walk.choices.length > depth) rest.push(walk.handOver(depth));
    else if (!ended) pruned++;
    else {
      runs++;
      take(ended.outcome, walk);
    }
  }

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
