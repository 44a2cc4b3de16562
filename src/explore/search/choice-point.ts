import type { Footprint } from './footprint.ts';

/** A place where a run could have gone more than one way, and what is known of the ways. */
export interface ChoicePoint {
  /** Threads that could go on, for a choice of who does; `undefined` for any other choice. */
  readonly threads: readonly number[] | undefined;
  readonly count: number;
  /** Threads that sleep when a run comes here. */
  readonly sleeping: ReadonlySet<number>;
  /** The first way lets the thread go on that ran before: any other preempts it. */
  readonly isRunning: boolean;
  /** Number of the step that begins here, or in which the choice was asked. */
  readonly stepNumber: number;
  /** Threads to be tried here: the first, and those that turned out to race with what came after. `undefined`: all. */
  readonly backtrack: Set<number> | undefined;
  picked: number;
  /** Of a choice of threads: what the step that was picked touched, in all runs so far that went this way. */
  step: Footprint;
  /** Steps of threads whose way was gone, by thread. */
  readonly done: Map<number, Footprint>;
}
