/** A part of the space of runs, plain data, to be gone through by whoever takes it. */
export interface Part {
  /** The ways that lead to the place where it begins. */
  readonly prefix: readonly number[];
  /** For each of these choices, the steps that other parts answer for. */
  readonly done: readonly (readonly StepDone[])[];
}

/** A thread's step that was tried at a place, and what it touched. */
export interface StepDone {
  readonly thread: number;
  readonly reads: readonly string[];
  readonly writes: readonly string[];
}

export const wholeSpace: Part = { prefix: [], done: [] };
