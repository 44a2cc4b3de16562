import { type Explored, explore, split } from '../explore.ts';
import { type Part, wholeSpace } from '../search/part.ts';
import { type ExploreAsk, unpack } from './ask.ts';
import type { Kind } from './kind.ts';

/** Runs in a part that is gone through as it is; a larger one is cut. */
const most = 2000;

/**
 * Slices of a search are parts of the tree of choices. A part that turns out to be large is cut into smaller ones, by its
 * runs and not by the clock: the same search consists of the same parts on any machine.
 */
export const exploreKind: Kind<ExploreAsk, Part, Explored> = {
  kind: 'explore',
  first: () => [wholeSpace],
  run({ scenario: packed, bounds, allowed }, part, { goOn }) {
    const scenario = unpack(packed);
    let isLarge = false;
    let isStopped = false;
    const options = { bounds, allowed, part };
    const explored = explore(scenario, {
      ...options,
      goOn(runs, pruned) {
        isStopped = !goOn(runs);
        isLarge = runs + pruned >= most;
        return !isStopped && !isLarge;
      },
    });
    if (!isLarge || isStopped) return { outcome: explored, further: [] };
    const cut = split(scenario, options);
    return { outcome: cut.explored, further: cut.parts };
  },
};
