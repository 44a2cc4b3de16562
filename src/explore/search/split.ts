import type { ChoicePoint } from './choice-point.ts';
import type { Names } from './footprint.ts';
import type { Part, PartPoint } from './part.ts';

/** The state of a walk that another walk needs to continue. */
export interface WalkState {
  /** The choice points of the next run. */
  readonly path: readonly ChoicePoint[];
  /** The number of leading points from which the walk takes no other way. */
  readonly fixed: number;
  /** For each point, an upper bound of the ways still to be tried. */
  readonly ways: readonly number[];
  readonly names: Names;
}

/**
 * Splits the remainder of a walk into at most `maxParts` parts. Each part has the ways from some consecutive points; the last
 * part also has the next run.
 *
 * Races that add to the backtrack sets of the other parts are found by runs of the last part. The other parts therefore try
 * all ways.
 */
export function splitRest({ path, fixed, ways, names }: WalkState, maxParts: number): Part[] {
  const most = Math.max(1, ways.reduce((sum, some) => sum + some, 0) / maxParts);
  const parts: Part[] = [];
  let [start, sum] = [fixed, 0];
  // What the step at the last point touches is not known yet, so the part that makes this run has the other ways from there.
  for (let at = start; at < path.length - 1 && parts.length < maxParts - 1; at++) {
    sum += ways[at] ?? 0;
    if (sum < most || isWithinStep(path, at + 1)) continue;
    const last = ways.findLastIndex((some, place) => some > 0 && place <= at);
    parts.push(middlePart(path.slice(0, last + 1), start, names));
    [start, sum] = [at + 1, 0];
  }
  const withRun = path.map((point, at) =>
    at < start ? closedPoint(point, names) : backtrackPoint(point, names),
  );
  return [...parts, { path: withRun, fixed: start }];
}

/** A part with the remaining ways from the points from `start` on. */
function middlePart(path: readonly ChoicePoint[], start: number, names: Names): Part {
  const places = path.map((point, at): PartPoint => {
    if (at < start) return closedPoint(point, names);
    if (at < path.length - 1) return openPoint(point, names);
    const thread = point.threads?.[point.picked];
    const place = closedPoint(point, names);
    if (thread === undefined) return place;
    return { ...place, done: [...place.done, { thread, ...names.toNames(point.step) }] };
  });
  return { path: places, fixed: start, skipsPicked: true };
}

/**
 * Whether the choice at a depth is made during a step that was picked before. No part ends there, because later parts would
 * not know what that step touches.
 */
function isWithinStep(path: readonly ChoicePoint[], depth: number): boolean {
  const point = path[depth];
  if (!point || point.threads) return false;
  return path.findLast(({ threads }, at) => at < depth && threads)?.stepNumber === point.stepNumber;
}

/** A point whose other ways do not belong to the part. */
function closedPoint({ picked, done }: ChoicePoint, names: Names): PartPoint {
  return { picked, done: Array.from(done, ([thread, step]) => ({ thread, ...names.toNames(step) })) };
}

/** A point with all other ways. */
function openPoint(point: ChoicePoint, names: Names): PartPoint {
  return { ...closedPoint(point, names), step: names.toNames(point.step) };
}

/** A point with the ways of its backtrack set, which may grow. */
function backtrackPoint(point: ChoicePoint, names: Names): PartPoint {
  const { backtrack } = point;
  return { ...openPoint(point, names), ...(backtrack && { backtrack: [...backtrack] }) };
}
