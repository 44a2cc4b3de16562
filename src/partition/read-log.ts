import type { LogLine } from './log.ts';
import { readLine } from './log-line.ts';

/**
 * Reads a kernel log from text, in any form in which logs are passed around; one log may mix them:
 *
 * - dmesg and the console: `[   12.345678] text`, with `[    T1]` or `[  C0]` behind it where callers are printed, and
 *   behind a prompt (`login: [   12.345678] text`)
 * - dmesg `-r`, `-x`, `-d`, `-e`, `-T`, `--time-format iso`, `--color`
 * - /dev/kmsg: `4,123,12345678,-;text`, continuation lines (` SUBSYSTEM=…`) left out
 * - journalctl `-o short`, `short-precise`, `short-iso`, `short-full`, `short-unix`, `short-monotonic`; syslog; /var/log/drmgr.
 *   Lines of other programs keep the program's name: `drmgr: …`
 * - any of these quoted or indented by a mail, or with no-break spaces
 * - text alone
 *
 * A line without a time of its own gets that of the line before it. Where a form has the time of day alone, seconds count
 * from its first line, or on from the boot's clock where other lines have that.
 * @param text the log, or parts of it that each end with a whole line: a log of many megabytes is then not copied
 */
export function readLog(text: string | readonly string[]): LogLine[] {
  const parts = typeof text === 'string' ? [text] : text;
  const lines: LogLine[] = [];
  let seconds = 0;
  /** The clock at second 0, once a line shows it. */
  let zero: number | undefined;
  for (const part of parts)
    for (const raw of part.split('\n')) {
      if (isContinuation(raw, lines.length)) continue;
      const { seconds: stamp, delta, clock, level, text } = readLine(raw);
      const untimed = stamp === undefined && delta === undefined && clock === undefined;
      if (untimed && text === '') continue;
      if (stamp !== undefined) {
        seconds = stamp;
        if (clock !== undefined) zero = clock - stamp;
      } else if (delta !== undefined) seconds = microseconds(seconds + delta);
      else if (clock !== undefined) {
        zero ??= clock - seconds;
        seconds = microseconds(Math.max(clock - zero, 0));
      }
      // Spreading parts into the literal takes several times as long, for each of a million lines.
      const line: { -readonly [Key in keyof LogLine]: LogLine[Key] } = { seconds, text };
      if (level !== undefined) line.level = level;
      if (clock !== undefined) line.clock = clock;
      if (untimed) line.untimed = true;
      lines.push(line);
    }
  return lines;
}

/** Lines that /dev/kmsg adds to a record: ` KEY=value`. */
function isContinuation(line: string, linesSoFar: number): boolean {
  return linesSoFar > 0 && line.startsWith(' ') && /^ [A-Z_]+=/.test(line);
}

/** Free of what adding fractions leaves behind. */
function microseconds(seconds: number): number {
  return Math.round(seconds * 1e6) / 1e6;
}
