import type { CampaignSpec } from './spec.ts';

/** A slice and its name: `2` is the third initial slice, `2.0` the first that came from its result. */
export interface NamedSlice {
  readonly name: string;
  readonly slice: unknown;
}

/** Progress of a campaign. */
export interface CampaignProgress {
  readonly slices: { readonly done: number; readonly open: number };
  /** Runs made so far in slices that are not done. */
  readonly runsUnderWay: number;
  /** Workers that take slices from the queue; absent without a queue. */
  readonly workers?: number;
}

/** How an executor reports, and when it stops. */
export interface ExecutorOptions {
  /** Called once for each slice, in the order in which they end. */
  onOutcome(name: string, outcome: unknown): void;
  onProgress?(news: CampaignProgress): void;
  /** Aborts the work; `run` then rejects with its reason. */
  readonly signal: AbortSignal;
  /** Time by `Date.now()` at which no further slice starts; absent: none. */
  readonly deadline?: number;
}

/** Runs slices: on threads of this machine, or on workers that take them from a queue. */
export interface Executor {
  /**
   * Runs slices, and the further slices that come from their results.
   * @returns whether all ran: false when the deadline passed
   */
  run(spec: CampaignSpec, slices: readonly NamedSlice[], watch: ExecutorOptions): Promise<boolean>;
  close(): Promise<void>;
}

/** Names slices by their position, below the slice that they came from. */
export function nameSlices(slices: readonly unknown[], parent?: string): readonly NamedSlice[] {
  return slices.map((slice, at) => ({ name: parent === undefined ? `${at}` : `${parent}.${at}`, slice }));
}

/** Prefix of the names of slices that minimise failures, which come from the results of all others. */
export const SHRINK_STAGE = 'shorten';
