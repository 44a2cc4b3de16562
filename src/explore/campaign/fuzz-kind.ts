import type { Failure } from '../failures.ts';
import { type Fuzzed, fuzz, shorten } from '../fuzz.ts';
import { generatedSubject, modelSubject, realSubject } from '../subject.ts';
import { type FuzzAsk, unpack } from './ask.ts';
import type { Aid, Kind } from './kind.ts';
import { type Seeds, seedsOf } from './seeds.ts';

/** Runs of a slice: enough for what one finds new to be varied, few enough to be done again when a machine is lost. */
const model = 1000;
const real = 40;

/** Runs that are spent on making a failure shorter. */
const shortenModel = 300;
const shortenReal = 20;

/** Slices are seeds, each with runs of its own that are varied; or a failure to be made shorter. */
export const fuzzKind: Kind<FuzzAsk, Seeds | { readonly failure: Failure }, Fuzzed> = {
  kind: 'fuzz',
  first({ runs, seed, subject }) {
    return seedsOf(seed, runs, isReal(subject) ? real : model);
  },
  async run(ask, slice, aid) {
    const subject = await subjectOf(ask, aid);
    if ('seed' in slice) {
      const { goOn } = aid;
      return { outcome: await fuzz(subject, { ...slice, goOn }), further: [] };
    }
    const shorter = await shorten(slice.failure, subject, isReal(ask.subject) ? shortenReal : shortenModel);
    return { outcome: { runs: 0, kept: 0, failures: [shorter], sights: [] }, further: [] };
  },
};

function isReal(subject: FuzzAsk['subject']): boolean {
  return 'generated' in subject && subject.kernel !== undefined;
}

async function subjectOf({ subject, allowed }: FuzzAsk, { boot }: Aid) {
  if ('scenario' in subject) return modelSubject(unpack(subject.scenario), allowed);
  const { generated, kernel } = subject;
  return kernel ? realSubject(generated, allowed, await boot(kernel)) : generatedSubject(generated, allowed);
}
