import type { Boot } from '../../migration/index.ts';
import type { CampaignSpec, RealKernel } from './spec.ts';

/**
 * One kind of campaign: how it is split into slices, and how a slice runs. Slices and outcomes are plain data. A slice has the
 * same outcome on every machine, so it may run anywhere, and more than once.
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

/** The result of a slice. */
export interface SliceResult<Slice = unknown, Outcome = unknown> {
  readonly outcome: Outcome;
  /** Slices that remain to be run after this one. */
  readonly nextSlices: readonly Slice[];
}

/** What the executor provides to a slice. */
export interface SliceContext {
  /** Called during a slice with the number of its runs so far. The slice ends early when it returns false. */
  shouldContinue(runs: number): boolean;
  /** Prepares the boot of a real kernel. @throws EnvironmentError when this machine cannot boot it */
  boot(kernel: RealKernel): Promise<Boot>;
}
