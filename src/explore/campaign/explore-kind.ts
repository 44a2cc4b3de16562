import { type ExploreResult, explorePart } from '../explore.ts';
import { type Part, wholeSpace } from '../search/part.ts';
import type { CampaignKind } from './campaign-kind.ts';
import { type ExploreSpec, unpackScenario } from './spec.ts';

/** Runs of a slice; of the first one fewer, so that there is soon something for everyone. */
const [most, mostOfFirst] = [3000, 200];

/**
 * Slices of a search are parts of the tree of choices. What a slice does not come to in so many runs, and not in so much
 * time, is cut into further slices: the same search consists of the same parts on any machine.
 */
export const exploreKind: CampaignKind<ExploreSpec, Part, ExploreResult> = {
  kind: 'explore',
  initialSlices: () => [wholeSpace],
  run({ scenario, bounds, allowed }, part, { shouldContinue }) {
    const options = { bounds, allowed, part, shouldContinue };
    const runs = part.path.length === 0 ? mostOfFirst : most;
    const { result, rest } = explorePart(unpackScenario(scenario), runs, options);
    return { outcome: result, nextSlices: rest };
  },
};
