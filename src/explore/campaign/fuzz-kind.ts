import type { Failure } from '../failures.ts';
import { type Fuzzed, fuzz, type Memory, shorten } from '../fuzz.ts';
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

/**
 * Lanes that runs are cut into: slices of one follow each other, and each knows what those before it have seen. As many as
 * there may be machines would leave each with little to vary.
 */
const lanes = 8;

/** The runs that a lane has left. */
interface Lane extends Seeds {
  readonly memory?: Memory;
}

/** Slices are some runs of a lane; or a failure to be made shorter. */
export const fuzzKind: Kind<FuzzAsk, Lane | { readonly failure: Failure }, Fuzzed> = {
  kind: 'fuzz',
  first({ runs, seed, subject }) {
    return seedsOf(seed, runs, Math.max(isReal(subject) ? real : model, Math.ceil(runs / lanes)));
  },
  async run(ask, slice, aid) {
    const subject = await subjectOf(ask, aid);
    if ('seed' in slice) {
      const runs = Math.min(slice.runs, isReal(ask.subject) ? real : model);
      const { fuzzed, memory } = await fuzz(subject, { ...slice, runs, goOn: aid.goOn });
      const { runs: made } = fuzzed;
      const left: Lane = { seed: slice.seed + made, runs: slice.runs - made, memory };
      return { outcome: fuzzed, further: left.runs > 0 ? [left] : [] };
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
