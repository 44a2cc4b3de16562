/** A part of the space of runs, plain data, to be gone through by whoever takes it. */
export interface Part {
  /** The places on the way of its first run, as far as they are known. */
  readonly path: readonly PartPoint[];
  /** How many of them lead to it: other ways from those belong to other parts. */
  readonly fixed: number;
  /** The way that was picked at the last place belongs to other parts, and the first run takes the next one there. */
  readonly skipsPicked?: true;
}

/** A place where a run could have gone more than one way, and what is known of the ways. */
export interface PartPoint {
  readonly picked: number;
  /** Steps that need no trying from here on: they were tried, or other parts answer for them. */
  readonly done: readonly StepDone[];
  /** Threads to be tried; absent: all. */
  readonly backtrack?: readonly number[];
  /** What the step that was picked touched, in all runs so far that went this way; absent where nobody needs to know. */
  readonly step?: FootprintNames;
}

/** What a step reads, writes and lets go of. */
export interface FootprintNames {
  readonly reads: readonly string[];
  readonly writes: readonly string[];
  readonly frees: readonly string[];
}

/** A thread's step that was tried at a place, and what it touched. */
export interface StepDone extends FootprintNames {
  readonly thread: number;
}

export const wholeSpace: Part = { path: [], fixed: 0 };
