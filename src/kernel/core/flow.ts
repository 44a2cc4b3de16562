/**
 * Flows: kernel functions that can sleep, as generators.
 *
 * They read from top to bottom like the C they model and `yield` what they wait for; the scheduler decides who goes on.
 * Functions that cannot sleep are plain functions.
 */
export type Flow<T> = Generator<Wait, T, undefined>;

/**
 * What a flow waits for: a number of milliseconds, something that must become ready, or, given as text that names the
 * place, nothing at all: there the kernel may let another thread go on first.
 */
export type Wait = string | number | Waitable;

/** A flow that does it all at once. */
// biome-ignore lint/correctness/useYield: there is nothing to wait for
export function* flowOf<T>(run: () => T): Flow<T> {
  return run();
}

export interface Waitable {
  readonly ready: boolean;
  /** For people: `of_mutex`. */
  readonly what: string;
}
