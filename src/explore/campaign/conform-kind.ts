import { type ConformResult, conform, shrinkDisagreement } from '../conform/conform.ts';
import type { CampaignKind } from './campaign-kind.ts';
import { type SeedRange, splitSeeds } from './seeds.ts';
import type { ConformSpec } from './spec.ts';

/** Scenarios in a slice. */
const SCENARIOS_PER_SLICE = 5;

/** A slice is a range of seeds, or a disagreement to be minimised. Each seed generates a scenario. */
export const conformKind: CampaignKind<
  ConformSpec,
  SeedRange | { readonly disagreeing: ConformResult },
  readonly ConformResult[]
> = {
  kind: 'conform',
  initialSlices: ({ runs, seed }) => splitSeeds(seed, runs, SCENARIOS_PER_SLICE),
  async run({ kernel, release }, slice, context) {
    const options = { release, boot: await context.boot(kernel) };
    if ('disagreeing' in slice)
      return { outcome: [await shrinkDisagreement(slice.disagreeing, options)], nextSlices: [] };
    const outcome: ConformResult[] = [];
    for (let done = 0; done < slice.runs && context.shouldContinue(done); done++)
      outcome.push(await conform(slice.seed + done, options));
    return { outcome, nextSlices: [] };
  },
};
