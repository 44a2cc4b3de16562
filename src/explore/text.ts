import { plural } from '../base/index.ts';
import { type Paint, plain } from '../report/index.ts';
import type { Failure } from './failures.ts';
import { lengthOf } from './shrink.ts';

/** What a search or a campaign is to tell. */
export interface SearchReport {
  /** What was gone through, a line each. */
  readonly heading: readonly string[];
  readonly coverage: readonly (readonly [string, number])[];
  /** What runs might have been seen to do, and the search is worth less for if none did. */
  readonly expected: readonly string[];
  readonly failures: readonly (Failure & { readonly token: string })[];
  /** What a search without a failure has shown. */
  readonly safeText: string;
}

/** What a search found, for people: what it saw, then each failure with its shortest run, the verdict last. */
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
    paint.bold('seen, in so many runs'),
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
