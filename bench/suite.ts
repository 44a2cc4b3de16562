/** One measured number. */
export interface Figure {
  /** What was measured, in words. */
  readonly name: string;
  readonly value: number;
  /** `ms`, `ns/node`, `×` … */
  readonly unit: string;
  /** What the number must not exceed, or must reach, if it must. */
  readonly atMost?: number;
  readonly atLeast?: number;
}

/** A number that could not be measured, and why. */
export interface Missing {
  readonly name: string;
  readonly missing: string;
}

export interface Suite {
  /** What the suite measures, in one sentence; printed before it runs. */
  readonly about: string;
  /** Measures, and yields each figure as soon as it is known. */
  run(): AsyncIterable<Figure | Missing>;
}

/** Whether a figure meets its limit; undefined if it has none. */
export function isMet({ value, atMost, atLeast }: Figure): boolean | undefined {
  if (atMost !== undefined) return value <= atMost;
  if (atLeast !== undefined) return value >= atLeast;
  return undefined;
}
