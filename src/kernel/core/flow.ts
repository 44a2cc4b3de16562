/**
 * Flows: kernel functions that can sleep, as generators.
 *
 * A flow reads from top to bottom like the C code that it models and yields what it waits for. The scheduler chooses the
 * thread that runs next. Functions that cannot sleep are plain functions.
 */
export type Flow<T> = Generator<Wait, T, undefined>;

/**
 * What a flow waits for: a number of milliseconds, or an object that must become ready. A text names a place where the flow
 * waits for nothing and only allows a switch to another thread.
 */
export type Wait = string | number | Waitable;

/** A flow that never waits. */
// biome-ignore lint/correctness/useYield: it never waits
export function* flowOf<T>(run: () => T): Flow<T> {
  return run();
}

export interface Waitable {
  readonly ready: boolean;
  /** Its name: `of_mutex`. */
  readonly what: string;
}
