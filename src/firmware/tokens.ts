import { defineMemo } from '../base/index.ts';

/** Function names by token; cached for each map of tokens. */
export const namesByToken = defineMemo(
  (tokens: ReadonlyMap<string, number>): ReadonlyMap<number, string> =>
    new Map(Array.from(tokens, ([name, token]) => [token, name])),
);
