import { type Conformed, conform, shrinkDisagreement } from '../conform/conform.ts';
import type { ConformAsk } from './ask.ts';
import type { Kind } from './kind.ts';
import { type Seeds, seedsOf } from './seeds.ts';

/** Scenarios of a slice. */
const most = 5;

/** Slices are seeds, a scenario each; or a disagreement to be made shorter. */
export const conformKind: Kind<
  ConformAsk,
  Seeds | { readonly disagreeing: Conformed },
  readonly Conformed[]
> = {
  kind: 'conform',
  first: ({ runs, seed }) => seedsOf(seed, runs, most),
  async run({ kernel, release }, slice, aid) {
    const options = { release, boot: await aid.boot(kernel) };
    if ('disagreeing' in slice)
      return { outcome: [await shrinkDisagreement(slice.disagreeing, options)], further: [] };
    const outcome: Conformed[] = [];
    for (let done = 0; done < slice.runs && aid.goOn(done); done++)
      outcome.push(await conform(slice.seed + done, options));
    return { outcome, further: [] };
  },
};
