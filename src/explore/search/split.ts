import type { ChoicePoint } from './choice-point.ts';
import type { Names } from './footprint.ts';
import type { Part, PartPoint } from './part.ts';

/** A walk as far as it matters to those who take over from it. */
export interface WalkState {
  /** The run that comes next. */
  readonly path: readonly ChoicePoint[];
  /** How many of those places it does not go another way from. */
  readonly fixed: number;
  /** How many ways from each place are still to be tried, if all are. */
  readonly ways: readonly number[];
  readonly names: Names;
}

/**
 * Cuts what is left of a walk into at most so many parts. Each has the ways from some places that
 * follow each other, the last also the run.
 *
 * Which ways of the other parts are worth trying is found out by runs that are made in the last: so all of them are.
 */
export function splitRest({ path, fixed, ways, names }: WalkState, enough: number): Part[] {
  const most = Math.max(1, ways.reduce((sum, some) => sum + some, 0) / enough);
  const parts: Part[] = [];
  let [start, sum] = [fixed, 0];
  // What the step at the last place touches is not known yet: whoever makes this run has the other ways from there.
  for (let at = start; at < path.length - 1 && parts.length < enough - 1; at++) {
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

/** The ways that are left from the places from `start` on. */
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
 * Whether a choice was asked within a step that was picked before it. No part ends there: what the step touches would not
 * be known to those who come after it.
 */
function isWithinStep(path: readonly ChoicePoint[], depth: number): boolean {
  const point = path[depth];
  if (!point || point.threads) return false;
  return path.findLast(({ threads }, at) => at < depth && threads)?.stepNumber === point.stepNumber;
}

/** A place from which other ways do not belong to the part. */
function closedPoint({ picked, done }: ChoicePoint, names: Names): PartPoint {
  return { picked, done: Array.from(done, ([thread, step]) => ({ thread, ...names.toNames(step) })) };
}

/** One from which all other ways do. */
function openPoint(point: ChoicePoint, names: Names): PartPoint {
  return { ...closedPoint(point, names), step: names.toNames(point.step) };
}

/** One from which those do that are wanted, and that will be. */
function backtrackPoint(point: ChoicePoint, names: Names): PartPoint {
  const { backtrack } = point;
  return { ...openPoint(point, names), ...(backtrack && { backtrack: [...backtrack] }) };
}
