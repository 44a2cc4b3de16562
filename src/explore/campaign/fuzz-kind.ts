import type { Failure } from '../failures.ts';
import { type FuzzResult, type FuzzState, fuzz, shrinkFailure } from '../fuzz.ts';
import { generatedTarget, modelTarget, realTarget } from '../fuzz-target.ts';
import type { CampaignKind, SliceContext } from './campaign-kind.ts';
import { type SeedRange, splitSeeds } from './seeds.ts';
import { type FuzzSpec, unpackScenario } from './spec.ts';

/** Runs of a slice: enough to vary runs with new coverage, and few enough to repeat when a machine fails. */
const RUNS_PER_MODEL_SLICE = 1000;
const RUNS_PER_REAL_SLICE = 40;

/** Runs to minimise a failure. */
const SHRINK_RUNS_MODEL = 300;
const SHRINK_RUNS_REAL = 20;

/**
 * Lanes that the runs are split into. The slices of a lane run one after the other, and each continues with the state of the
 * previous one. With more lanes each would have a small corpus.
 */
const LANE_COUNT = 8;

/** The remaining runs of a lane. */
export interface FuzzLane extends SeedRange {
  readonly state?: FuzzState;
}

/** A slice is some runs of a lane, or a failure to be minimised. */
export const fuzzKind: CampaignKind<FuzzSpec, FuzzLane | { readonly failure: Failure }, FuzzResult> = {
  kind: 'fuzz',
  initialSlices({ runs, seed, target }) {
    return splitSeeds(
      seed,
      runs,
      Math.max(isReal(target) ? RUNS_PER_REAL_SLICE : RUNS_PER_MODEL_SLICE, Math.ceil(runs / LANE_COUNT)),
    );
  },
  async run(spec, slice, context) {
    const subject = await subjectOf(spec, context);
    if ('seed' in slice) {
      const runs = Math.min(slice.runs, isReal(spec.target) ? RUNS_PER_REAL_SLICE : RUNS_PER_MODEL_SLICE);
      const { result, state } = await fuzz(subject, {
        ...slice,
        runs,
        shouldContinue: context.shouldContinue,
      });
      const { runs: made } = result;
      const remainder: FuzzLane = { seed: slice.seed + made, runs: slice.runs - made, state };
      return { outcome: result, nextSlices: remainder.runs > 0 ? [remainder] : [] };
    }
    const shorter = await shrinkFailure(
      slice.failure,
      subject,
      isReal(spec.target) ? SHRINK_RUNS_REAL : SHRINK_RUNS_MODEL,
    );
    return { outcome: { runs: 0, kept: 0, failures: [shorter], coverage: [] }, nextSlices: [] };
  },
};

function isReal(subject: FuzzSpec['target']): boolean {
  return 'generated' in subject && subject.kernel !== undefined;
}

async function subjectOf({ target, allowed }: FuzzSpec, { boot }: SliceContext) {
  if ('scenario' in target) return modelTarget(unpackScenario(target.scenario), allowed);
  const { generated, kernel } = target;
  return kernel ? realTarget(generated, allowed, await boot(kernel)) : generatedTarget(generated, allowed);
}
