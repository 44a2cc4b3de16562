import type { Footprint } from './footprint.ts';

/** A point of a run at which there was more than one way to continue. */
export interface ChoicePoint {
  /** For a choice of the next thread: the threads that could continue. `undefined` for any other choice. */
  readonly threads: readonly number[] | undefined;
  /** Number of ways. */
  readonly count: number;
  /** The sleep set when a run reaches this point. */
  readonly sleeping: ReadonlySet<number>;
  /** Whether way 0 continues the running thread; any other way preempts it. */
  readonly isRunning: boolean;
  /** Number of the step that begins here, or during which the choice is made. */
  readonly stepNumber: number;
  /** The backtrack set: the first thread, and those whose steps race with later ones. `undefined`: all threads. */
  readonly backtrack: Set<number> | undefined;
  /** The way that the current run takes. */
  picked: number;
  /** For a choice of threads: the union of what the picked step touched in all runs so far. */
  step: Footprint;
  /** Steps that were tried here, by thread. */
  readonly done: Map<number, Footprint>;
}
