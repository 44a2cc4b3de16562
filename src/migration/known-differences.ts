import type { Run } from '../verdict/index.ts';

/** An event after which a real kernel may differ from the model, and the reason. */
export interface KnownDifference {
  /** The line of the model's log at which the comparison stops. */
  readonly from: RegExp;
  readonly reason: string;
}

/** All known differences. Remove entries; do not add any. */
export const knownDifferences: readonly KnownDifference[] = [
  {
    from: /^BUG: KASAN: slab-out-of-bounds/,
    reason:
      'the kernel reads past the end of its work area: the model stops there, as a kernel built with KASAN would; ' +
      'without KASAN it reads on, and what it finds there is not determined',
  },
];

/** The line of the model's log at which the comparison stops. */
export interface Incomparable {
  /** Number of the line in the log, from 0. */
  readonly line: number;
  readonly reason: string;
}

/** The first known difference in the log of a run of the model. */
export function incomparableFrom({ before, after }: Run): Incomparable | undefined {
  for (const [line, { text }] of after.log.entries()) {
    if (line < before.log.length) continue;
    const known = knownDifferences.find(({ from }) => from.test(text));
    if (known) return { line, reason: known.reason };
  }
  return undefined;
}
