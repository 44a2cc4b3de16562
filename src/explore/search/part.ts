/** A part of a search: plain data that another thread or machine can take. */
export interface Part {
  /** The known choice points of its first run. */
  readonly path: readonly PartPoint[];
  /** The number of leading points whose other ways belong to other parts. */
  readonly fixed: number;
  /** The way picked at the last point belongs to another part; the first run takes the next way. */
  readonly skipsPicked?: true;
}

/** A choice point of a part's first run. */
export interface PartPoint {
  readonly picked: number;
  /** Steps that need not be tried from here: they were tried, or belong to other parts. */
  readonly done: readonly StepDone[];
  /** The backtrack set, threads to be tried; absent: all. */
  readonly backtrack?: readonly number[];
  /** The union of what the picked step touched in all runs so far; absent where it is not needed. */
  readonly step?: FootprintNames;
}

/** Names of what a step reads, writes and frees. */
export interface FootprintNames {
  readonly reads: readonly string[];
  readonly writes: readonly string[];
  readonly frees: readonly string[];
}

/** The step of a thread that was tried at a point, and what it touched. */
export interface StepDone extends FootprintNames {
  readonly thread: number;
}

/** The part that is the whole search. */
export const wholeSpace: Part = { path: [], fixed: 0 };
