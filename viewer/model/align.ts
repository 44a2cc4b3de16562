import type { PageEvent } from '../../src/report/page/document.ts';

/** A line of two runs side by side: indices of moments, one of them absent where the other run has nothing like it. */
export interface AlignedPair {
  readonly left?: number;
  readonly right?: number;
}

/** More than this and the runs are laid side by side without looking for what they have in common further on. */
const MAX_TABLE_CELLS = 9_000_000;

/** Two lists of moments aligned by what happened, whatever the time: as much as possible beside its like. */
export function align(
  left: readonly PageEvent[],
  right: readonly PageEvent[],
  shown: readonly [number[], number[]],
): AlignedPair[] {
  const [mine, theirs] = shown;
  const key = ({ lane, kind, text }: PageEvent) => `${lane} ${kind} ${text}`;
  const one = mine.map((at) => key(left[at] as PageEvent));
  const other = theirs.map((at) => key(right[at] as PageEvent));
  let start = 0;
  while (start < one.length && one[start] === other[start] && start < other.length) start += 1;
  let end = 0;
  const most = Math.min(one.length, other.length) - start;
  while (end < most && one[one.length - 1 - end] === other[other.length - 1 - end]) end += 1;
  const pair = (i?: number, j?: number): AlignedPair => ({
    ...(i !== undefined && { left: mine[i] as number }),
    ...(j !== undefined && { right: theirs[j] as number }),
  });
  const pairs: AlignedPair[] = [];
  for (let at = 0; at < start; at++) pairs.push(pair(at, at));
  const middle = longestCommonSubsequence(
    one.slice(start, one.length - end),
    other.slice(start, other.length - end),
  );
  for (const [i, j] of middle)
    pairs.push(pair(i === -1 ? undefined : start + i, j === -1 ? undefined : start + j));
  for (let at = end; at > 0; at--) pairs.push(pair(one.length - at, other.length - at));
  return pairs;
}

/** The place where two aligned runs first differ; -1 where they do not. */
export function firstDivergence(pairs: readonly AlignedPair[]): number {
  return pairs.findIndex(({ left, right }) => left === undefined || right === undefined);
}

/** Longest common subsequence, as pairs in order; -1 for nothing. */
function longestCommonSubsequence(one: readonly string[], other: readonly string[]): [number, number][] {
  const [rows, columns] = [one.length, other.length];
  const pairs: [number, number][] = [];
  if (rows * columns > MAX_TABLE_CELLS) {
    for (let i = 0; i < rows; i++) pairs.push([i, -1]);
    for (let j = 0; j < columns; j++) pairs.push([-1, j]);
    return pairs;
  }
  const width = columns + 1;
  const best = new Uint16Array((rows + 1) * width);
  for (let i = rows - 1; i >= 0; i--) {
    for (let j = columns - 1; j >= 0; j--) {
      const down = best[(i + 1) * width + j] ?? 0;
      const across = best[i * width + j + 1] ?? 0;
      const both = (best[(i + 1) * width + j + 1] ?? 0) + 1;
      best[i * width + j] = one[i] === other[j] ? both : Math.max(down, across);
    }
  }
  let [i, j] = [0, 0];
  while (i < rows || j < columns) {
    if (i < rows && j < columns && one[i] === other[j]) pairs.push([i++, j++]);
    else if (j >= columns || (i < rows && (best[(i + 1) * width + j] ?? 0) >= (best[i * width + j + 1] ?? 0)))
      pairs.push([i++, -1]);
    else pairs.push([-1, j++]);
  }
  return pairs;
}
