import type { Boot } from '../../migration/index.ts';
import type { Ask, RealKernel } from './ask.ts';

/**
 * One kind of campaign: how it is cut into slices, and how a slice is run. A slice and its outcome are plain data, and the
 * same slice has the same outcome wherever it is run: so it matters to nobody who runs it, or how often.
 */
export interface Kind<A extends Ask, Slice, Outcome> {
  readonly kind: A['kind'];
  first(ask: A): readonly Slice[];
  run(ask: A, slice: Slice, aid: Aid): Done<Slice, Outcome> | Promise<Done<Slice, Outcome>>;
}

export interface Done<Slice = unknown, Outcome = unknown> {
  readonly outcome: Outcome;
  /** What turned out to be left to do. */
  readonly further: readonly Slice[];
}

/** What a slice is given by whoever runs it. */
export interface Aid {
  /** Told now and then, with the runs so far. @returns whether to go on */
  goOn(runs: number): boolean;
  /** The near side of a real kernel. */
  boot(kernel: RealKernel): Promise<Boot>;
}
