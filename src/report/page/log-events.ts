import type { LogLine, Observation } from '../../partition/index.ts';
import { knownLines } from '../../verdict/index.ts';
import type { PageEvent } from './document.ts';

/**
 * Lines that belong to a kernel warning's report, by their index in the log: for the first line of a report the parts of
 * its event, for the other lines `undefined`.
 */
export type WarningReports = ReadonlyMap<number, Partial<PageEvent> | undefined>;

/** Lines of a report other than its call chain: registers, modules, the code dump. */
const MAX_OTHER_LINES = 16;

/** Finds the lines of each warning's report in the log. */
export function warningReports({ log, warnings }: Observation): WarningReports {
  const reports = new Map<number, Partial<PageEvent> | undefined>();
  for (const { at, message, callChain, place } of warnings) {
    const text = `${message}${place === undefined ? '' : ` (${place})`}`;
    reports.set(at, { kind: 'warning', text, weight: 'bad', ...meaningOf(message) });
    const end = Math.min(at + callChain.length + MAX_OTHER_LINES, log.length);
    for (let line = at + 1; line < end; line++) {
      const text = log[line]?.text ?? '';
      if (/cut here/.test(text)) break;
      reports.set(line, undefined);
      if (/end trace/.test(text)) break;
    }
  }
  return reports;
}

/** Highest printk level (KERN_ERR) of a line that is shown as an error whatever it says. */
const MAX_ERROR_LEVEL = 3;

/** Meaning and weight of a log line, where they are known. */
export function explainLine(
  line: number,
  text: string,
  logged: LogLine | undefined,
  reports: WarningReports,
): Partial<PageEvent> {
  const report = reports.get(line);
  if (report) return report;
  if (reports.has(line)) return { kind: 'trace' };
  const known = knownLines.find((one) => one.pattern.test(text));
  const isError = logged?.level !== undefined && logged.level <= MAX_ERROR_LEVEL;
  const isBad = known?.weight === 'trouble' || isError;
  return { ...meaningOf(text), ...(isBad && { weight: 'bad' }) };
}

function meaningOf(text: string): Pick<PageEvent, 'meaning'> {
  const known = knownLines.find((one) => one.pattern.test(text));
  return known ? { meaning: text.replace(known.pattern, known.meaning) } : {};
}
