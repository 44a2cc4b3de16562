import { type ConformResult, conform, shrinkDisagreement } from '../conform/conform.ts';
import type { CampaignKind } from './campaign-kind.ts';
import { type SeedRange, splitSeeds } from './seeds.ts';
import type { ConformSpec } from './spec.ts';

/** Scenarios of a slice. */
const SCENARIOS_PER_SLICE = 5;

/** Slices are seeds, a scenario each; or a disagreement to be made shorter. */
export const conformKind: CampaignKind<
  ConformSpec,
  SeedRange | { readonly disagreeing: ConformResult },
  readonly ConformResult[]
> = {
  kind: 'conform',
  initialSlices: ({ runs, seed }) => splitSeeds(seed, runs, SCENARIOS_PER_SLICE),
  async run({ kernel, release }, slice, aid) {
    const options = { release, boot: await aid.boot(kernel) };
    if ('disagreeing' in slice)
      return { outcome: [await shrinkDisagreement(slice.disagreeing, options)], nextSlices: [] };
    const outcome: ConformResult[] = [];
    for (let done = 0; done < slice.runs && aid.shouldContinue(done); done++)
      outcome.push(await conform(slice.seed + done, options));
    return { outcome, nextSlices: [] };
  },
};
