import type { Run } from '../verdict/index.ts';

/** Something from which on a real kernel may differ from the model, and why that stands. */
export interface KnownDifference {
  /** The line of the model's log from which on the two are not compared; up to it they are. */
  readonly from: RegExp;
  readonly reason: string;
}

/** This list may only get shorter. */
export const knownDifferences: readonly KnownDifference[] = [
  {
    from: /^BUG: KASAN: slab-out-of-bounds/,
    reason:
      'the kernel reads past the end of its work area: the model stops there, as one built with KASAN would; ' +
      'another reads on, and what it finds there is chance',
  },
];

/** Where in the model's log the two begin to be incomparable. */
export interface Incomparable {
  /** Number of the line in the log, from 0. */
  readonly line: number;
  readonly reason: string;
}

export function incomparableFrom({ before, after }: Run): Incomparable | undefined {
  for (const [line, { text }] of after.log.entries()) {
    if (line < before.log.length) continue;
    const known = knownDifferences.find(({ from }) => from.test(text));
    if (known) return { line, reason: known.reason };
  }
  return undefined;
}
