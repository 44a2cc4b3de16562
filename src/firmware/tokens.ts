import { defineMemo } from '../base/index.ts';

/** The functions' names by token. */
export const namesByToken = defineMemo(
  (tokens: ReadonlyMap<string, number>): ReadonlyMap<number, string> =>
    new Map(Array.from(tokens, ([name, token]) => [token, name])),
);
