import { plural } from '../base/index.ts';
import { type Paint, plain } from '../report/index.ts';
import type { Failure } from './failures.ts';
import { lengthOf } from './shrink.ts';

/** The parts of the printed report of a search. */
export interface SearchReport {
  /** Lines about what was searched. */
  readonly heading: readonly string[];
  /** Events that occurred, each with the number of runs. */
  readonly coverage: readonly (readonly [string, number])[];
  /** Events that should occur in a good search; those that did not are listed. */
  readonly expected: readonly string[];
  readonly failures: readonly (Failure & { readonly token: string })[];
  /** The last line when there is no failure. */
  readonly safeText: string;
}

/** Prints the result of a search: coverage, each failure with its shortest run, then the verdict. */
export function searchToText(
  { heading, coverage, expected, failures, safeText }: SearchReport,
  paint: Paint = plain,
): string {
  const seen = new Map(coverage);
  const never = expected.filter((what) => !seen.has(what));
  const width = Math.max(...coverage.map(([, runs]) => String(runs).length), 1);
  const lines = [
    ...heading,
    '',
    paint.bold('coverage: events and the number of runs'),
    ...coverage.map(([what, runs]) => `  ${String(runs).padStart(width)}  ${what}`),
    ...never.map((what) => paint.yellow(`  ${'never'.padStart(width)}  ${what}`)),
    '',
  ];
  for (const { rule, runs, choices, subject, message, token } of failures) {
    lines.push(
      `${paint.red(rule)}  in ${plural(runs, 'run')}; the shortest is ${lengthOf(choices)}`,
      `  ${subject}: ${message}`,
      `  transplant replay ${token}`,
    );
  }
  const worst = failures.some(({ severity }) => severity === 'damage') ? 'damaged' : 'stale';
  lines.push(
    failures.length === 0
      ? paint.green(safeText)
      : paint.red(`${worst}: ${failures.map(({ rule }) => rule).join(', ')}`),
  );
  return `${lines.join('\n')}\n`;
}
