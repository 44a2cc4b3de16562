import type { Run } from '../../verdict/index.ts';

/** A difference between model and kernels that is known, and why it stands. This list may only get shorter. */
export interface KnownDifference {
  /** Whether a run on the model is one from which a real kernel may differ. */
  readonly concerns: (model: Run) => boolean;
  readonly reason: string;
}

export const knownDifferences: readonly KnownDifference[] = [
  {
    concerns: ({ after }) => after.log.some(({ text }) => text.startsWith('BUG: KASAN: slab-out-of-bounds')),
    reason:
      'the kernel reads past the end of its work area: the model stops there, as one built with KASAN would; ' +
      'another reads on, and what it finds there is chance',
  },
];

export function isKnown(model: Run): boolean {
  return knownDifferences.some(({ concerns }) => concerns(model));
}
