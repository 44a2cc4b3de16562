import { type ExploreResult, explorePart } from '../explore.ts';
import { type Part, wholeSpace } from '../search/part.ts';
import type { CampaignKind } from './campaign-kind.ts';
import { type ExploreSpec, unpackScenario } from './spec.ts';

/** Runs of a slice. */
const RUNS_PER_SLICE = 3000;
/** Runs of the first slice: fewer, so that its remainder soon occupies every thread. */
const RUNS_OF_FIRST_SLICE = 200;

/**
 * A slice of a search is a part of the tree of choices. Its remainder after a number of runs is split into further slices. The
 * number does not depend on time, so a search consists of the same parts on every machine.
 */
export const exploreKind: CampaignKind<ExploreSpec, Part, ExploreResult> = {
  kind: 'explore',
  initialSlices: () => [wholeSpace],
  run({ scenario, bounds, allowed }, part, { shouldContinue }) {
    const options = { bounds, allowed, part, shouldContinue };
    const runs = part.path.length === 0 ? RUNS_OF_FIRST_SLICE : RUNS_PER_SLICE;
    const { result, rest } = explorePart(unpackScenario(scenario), runs, options);
    return { outcome: result, nextSlices: rest };
  },
};
