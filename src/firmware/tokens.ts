import { memoize } from '../base/index.ts';

/**
 * Tokens of the functions that a migration calls. Those that QEMU has keep its numbers (spapr.h, 7.2); the three that
 * it lacks have numbers of our own, in the same manner.
 */
export const defaultTokens: ReadonlyMap<string, number> = new Map([
  ['ibm,get-system-parameter', 0x2008],
  ['ibm,configure-connector', 0x201e],
  ['ibm,suspend-me', 0x202a],
  ['ibm,activate-firmware', 0x3001],
  ['ibm,update-nodes', 0x3002],
  ['ibm,update-properties', 0x3003],
]);

/** The functions' names by token. */
export const namesByToken = memoize(
  (tokens: ReadonlyMap<string, number>): ReadonlyMap<number, string> =>
    new Map(Array.from(tokens, ([name, token]) => [token, name])),
);
