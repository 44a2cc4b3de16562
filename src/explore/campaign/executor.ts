import type { CampaignSpec } from './spec.ts';

/** A slice by its place: `2` is the third to begin with, `2.0` the first that it led to. */
export interface NamedSlice {
  readonly name: string;
  readonly slice: unknown;
}

/** How far a campaign is. */
export interface CampaignProgress {
  readonly slices: { readonly done: number; readonly open: number };
  /** Runs in slices that are under way. */
  readonly runsUnderWay: number;
  /** Workers on other machines, or here, that take slices from the queue; absent where there is no queue. */
  readonly workers?: number;
}

export interface ExecutorOptions {
  /** Told of each slice once, in whatever order they end. */
  onOutcome(name: string, outcome: unknown): void;
  onProgress?(news: CampaignProgress): void;
  /** Ends the work, and rejects with its reason. */
  readonly signal: AbortSignal;
  /** When to stop, whatever is left, by `Date.now()`. */
  readonly deadline?: number;
}

/** Where slices are run: on threads of this machine, or by whoever takes them from a queue. */
export interface Executor {
  /**
   * Runs slices, and those that they lead to.
   * @returns whether all were run: false when there was no more time
   */
  run(spec: CampaignSpec, slices: readonly NamedSlice[], watch: ExecutorOptions): Promise<boolean>;
  close(): Promise<void>;
}

export function nameSlices(slices: readonly unknown[], parent?: string): readonly NamedSlice[] {
  return slices.map((slice, at) => ({ name: parent === undefined ? `${at}` : `${parent}.${at}`, slice }));
}

/** What names of slices begin with that came of the outcomes of all others: failures to be made shorter. */
export const SHRINK_STAGE = 'shorten';
