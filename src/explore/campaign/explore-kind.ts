import { type Explored, exploreSome } from '../explore.ts';
import { type Part, wholeSpace } from '../search/part.ts';
import { type ExploreAsk, unpack } from './ask.ts';
import type { Kind } from './kind.ts';

/** Runs of a slice; of the first one fewer, so that there is soon something for everyone. */
const [most, mostOfFirst] = [3000, 200];

/**
 * Slices of a search are parts of the tree of choices. What a slice does not come to in so many runs, and not in so much
 * time, is cut into further slices: the same search consists of the same parts on any machine.
 */
export const exploreKind: Kind<ExploreAsk, Part, Explored> = {
  kind: 'explore',
  first: () => [wholeSpace],
  run({ scenario, bounds, allowed }, part, { goOn }) {
    const options = { bounds, allowed, part, goOn };
    const runs = part.path.length === 0 ? mostOfFirst : most;
    const { explored, rest } = exploreSome(unpack(scenario), runs, options);
    return { outcome: explored, further: rest };
  },
};
