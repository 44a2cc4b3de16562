import type { Disagreement } from '../../migration/index.ts';

/** A difference between model and kernels that is known, and why it stands. This list may only get shorter. */
export interface KnownDifference {
  readonly about: Disagreement['about'];
  /** What the subject and the two sides, in one line, look like. */
  readonly looks: RegExp;
  readonly reason: string;
}

export const knownDifferences: readonly KnownDifference[] = [];

export function isKnown({ about, subject, real, model }: Disagreement): boolean {
  const line = `${subject}: ${real} | ${model}`;
  return knownDifferences.some((known) => known.about === about && known.looks.test(line));
}
