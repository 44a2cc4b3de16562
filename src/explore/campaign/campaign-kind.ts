import type { Boot } from '../../migration/index.ts';
import type { CampaignSpec, RealKernel } from './spec.ts';

/**
 * One kind of campaign: how it is cut into slices, and how a slice is run. A slice and its outcome are plain data, and the
 * same slice has the same outcome wherever it is run: so it matters to nobody who runs it, or how often.
 */
export interface CampaignKind<A extends CampaignSpec, Slice, Outcome> {
  readonly kind: A['kind'];
  initialSlices(spec: A): readonly Slice[];
  run(
    spec: A,
    slice: Slice,
    aid: SliceContext,
  ): SliceResult<Slice, Outcome> | Promise<SliceResult<Slice, Outcome>>;
}

export interface SliceResult<Slice = unknown, Outcome = unknown> {
  readonly outcome: Outcome;
  /** What turned out to be left to do. */
  readonly nextSlices: readonly Slice[];
}

/** What a slice is given by whoever runs it. */
export interface SliceContext {
  /** Told now and then, with the runs so far. @returns whether to go on */
  shouldContinue(runs: number): boolean;
  /** The near side of a real kernel. */
  boot(kernel: RealKernel): Promise<Boot>;
}
