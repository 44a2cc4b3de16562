import type { LogLine, Warning } from '../partition/index.ts';
import type { Evidence } from './evidence.ts';

/** Lines of the log that were not there before, each with its index in the whole log. */
export function newLines(evidence: Evidence): readonly { readonly at: number; readonly line: LogLine }[] {
  const start = firstNew(evidence);
  return evidence.after.log.slice(start).map((line, index) => ({ at: start + index, line }));
}

/** Warnings that were not there before. */
export function newWarnings(evidence: Evidence): readonly Warning[] {
  const start = firstNew(evidence);
  return evidence.after.warnings.filter((warning) => warning.at >= start);
}

/** Lines that match, with the match; for rules that read the log. */
export function linesMatching(
  evidence: Evidence,
  pattern: RegExp,
): readonly { readonly at: number; readonly text: string; readonly match: RegExpExecArray }[] {
  return newLines(evidence).flatMap(({ at, line }) => {
    const match = pattern.exec(line.text);
    return match ? [{ at, text: line.text, match }] : [];
  });
}

/**
 * Index of the first line that was not there before. Of a machine's log the beginning may be lost by now, or all of it
 * after a restart, so that the last line of before is looked for.
 */
function firstNew({ after, before }: Evidence): number {
  const last = before?.log.at(-1);
  if (!before || !last) return 0;
  const same = (line: LogLine | undefined) => line?.text === last.text && line.seconds === last.seconds;
  if (same(after.log[before.log.length - 1])) return before.log.length;
  return after.log.findLastIndex(same) + 1;
}
