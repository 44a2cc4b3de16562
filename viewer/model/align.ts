import { diffArrays } from 'diff';
import type { PageEvent } from '../../src/report/page/document.ts';

/** A row of two runs side by side: indices of events; one is absent where the other run has no such event. */
export interface AlignedPair {
  readonly left?: number;
  readonly right?: number;
}

/**
 * Edit distance above which the runs are not aligned after their common start. The time grows with its square: 2000 edits
 * take about a second.
 */
const MAX_EDITS = 2000;

/**
 * Aligns two lists of events by lane, kind and text, whatever their times: as many equal events as possible share a row.
 * Where the lists differ, the events of the left one come first.
 * @param shown indices of the events to align, for each list
 */
export function align(
  left: readonly PageEvent[],
  right: readonly PageEvent[],
  shown: readonly [left: readonly number[], right: readonly number[]],
): AlignedPair[] {
  const keys = [keysOf(left, shown[0]), keysOf(right, shown[1])] as const;
  const start = commonStart(keys[0], keys[1]);
  const rest = [keys[0].slice(start), keys[1].slice(start)] as const;
  const pairs: AlignedPair[] = [];
  let [i, j] = [0, 0];
  const push = (count: number, hasLeft: boolean, hasRight: boolean) => {
    for (let n = 0; n < count; n++) {
      pairs.push({
        ...(hasLeft && { left: shown[0][i++] as number }),
        ...(hasRight && { right: shown[1][j++] as number }),
      });
    }
  };
  push(start, true, true);
  const changes = diffArrays([...rest[0]], [...rest[1]], { maxEditLength: MAX_EDITS });
  if (changes) for (const { count, added, removed } of changes) push(count, !added, !removed);
  else {
    push(rest[0].length, true, false);
    push(rest[1].length, false, true);
  }
  return pairs;
}

/** Index of the first row in which two aligned runs differ; -1 if there is none. */
export function firstDivergence(pairs: readonly AlignedPair[]): number {
  return pairs.findIndex(({ left, right }) => left === undefined || right === undefined);
}

function keysOf(events: readonly PageEvent[], shown: readonly number[]): string[] {
  return shown.map((at) => {
    const event = events[at];
    return event ? `${event.lane} ${event.kind} ${event.text}` : '';
  });
}

function commonStart(one: readonly string[], other: readonly string[]): number {
  let length = 0;
  while (length < one.length && length < other.length && one[length] === other[length]) length += 1;
  return length;
}
