import { defineMemo } from '../base/index.ts';
import type { Finding, Verdict } from '../verdict/index.ts';

/** One way in which runs go wrong, with the shortest run that showed it so far. */
export interface Failure {
  /** The rule that found it: failures of one rule are one failure. */
  readonly rule: string;
  readonly severity: Finding['severity'];
  /** What the rule says of that run. */
  readonly subject: string;
  readonly message: string;
  /** That run, without its last plain choices. */
  readonly choices: readonly number[];
  /** How many runs showed it. */
  readonly runs: number;
}

/** Rules that a verdict holds against a run: not those that only warn, or that were allowed. */
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

/** Adds failures to others, keeping the shortest run of each. */
export function addFailures(into: Map<string, Failure>, failures: Iterable<Failure>): void {
  for (const failure of failures) {
    const known = into.get(failure.rule);
    const shorter = !known || isSimpler(failure.choices, known.choices) ? failure : known;
    into.set(failure.rule, { ...shorter, runs: (known?.runs ?? 0) + failure.runs });
  }
}

/** Whether a run is easier to follow than another: it leaves the plain way less often, then earlier, then less far. */
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

/** How many choices of a run are not the plain ones: what the length of a run means. */
export function countDeviations(choices: readonly number[]): number {
  let deviations = 0;
  for (let at = 0; at < choices.length; at++) if (choices[at] !== 0) deviations++;
  return deviations;
}

/** Without the plain choices at its end, which a replay makes anyway. */
export function trimmed(choices: readonly number[]): readonly number[] {
  return choices.slice(0, choices.findLastIndex((way) => way !== 0) + 1);
}
