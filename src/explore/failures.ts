import { defineMemo } from '../base/index.ts';
import type { Finding, Verdict } from '../verdict/index.ts';

/** A broken rule, with the shortest run so far that breaks it. */
export interface Failure {
  /** Name of the rule: all runs that break it are one failure. */
  readonly rule: string;
  readonly severity: Finding['severity'];
  /** Subject and message of the finding in that run. */
  readonly subject: string;
  readonly message: string;
  /** Choices of that run, without zeros at the end. */
  readonly choices: readonly number[];
  /** Number of runs that break the rule. */
  readonly runs: number;
}

/** The first finding of each rule that a run breaks, without warnings and allowed rules. */
export function brokenRules({ findings, allowed }: Verdict): readonly Finding[] {
  const first = new Map<string, Finding>();
  for (const finding of findings) {
    if (finding.severity === 'warning' || allowed.includes(finding.rule)) continue;
    if (!first.has(finding.rule)) first.set(finding.rule, finding);
  }
  return [...first.values()];
}

/** `brokenRules` of verdicts that many runs share. */
export const brokenRulesMemo = defineMemo(brokenRules);

/** Adds failures to others: adds their runs, and keeps the shortest run of each rule. */
export function addFailures(into: Map<string, Failure>, failures: Iterable<Failure>): void {
  for (const failure of failures) {
    const known = into.get(failure.rule);
    const shorter = !known || isSimpler(failure.choices, known.choices) ? failure : known;
    into.set(failure.rule, { ...shorter, runs: (known?.runs ?? 0) + failure.runs });
  }
}

/** Whether a run is simpler than another: fewer choices that are not 0, then fewer choices, then the smaller first number that differs. */
export function isSimpler(one: readonly number[], other: readonly number[]): boolean {
  const [size, otherSize] = [countDeviations(one), countDeviations(other)];
  if (size !== otherSize) return size < otherSize;
  if (one.length !== other.length) return one.length < other.length;
  for (const [at, way] of one.entries()) {
    const otherWay = other[at] ?? 0;
    if (way !== otherWay) return way < otherWay;
  }
  return false;
}

/** Number of choices that are not 0: the length of a run. */
export function countDeviations(choices: readonly number[]): number {
  let deviations = 0;
  for (let at = 0; at < choices.length; at++) if (choices[at] !== 0) deviations++;
  return deviations;
}

/** Choices without the zeros at the end: a replay takes 0 for a missing choice. */
export function trimmed(choices: readonly number[]): readonly number[] {
  return choices.slice(0, choices.findLastIndex((way) => way !== 0) + 1);
}
