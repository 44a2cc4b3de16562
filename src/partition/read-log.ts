import type { LogLine } from './log.ts';

/**
 * Kernel logs as text, in the forms in which they are passed around:
 *
 * - dmesg and the console: `[   12.345678] text`, with `[    T1]` or `[  C0]` behind it where callers are printed
 * - dmesg -r: `<4>[   12.345678] text`
 * - dmesg -x: `kern  :warn  : [   12.345678] text`
 * - /dev/kmsg: `4,123,12345678,-;text`, continuation lines (` SUBSYSTEM=…`) left out
 * - journalctl -k and syslog: `Oct 18 10:00:00 host kernel: [   12.345678] text`, also without a timestamp
 * - text alone, as in a mail
 *
 * A line without a time of its own gets that of the line before it.
 */
export function readLog(text: string): LogLine[] {
  const lines: LogLine[] = [];
  let seconds = 0;
  for (const raw of text.split('\n')) {
    const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
    if (line === '' || isContinuation(line, lines.length)) continue;
    const read = readKmsg(line) ?? readDmesg(line);
    seconds = read.seconds ?? seconds;
    lines.push({ seconds, ...(read.level !== undefined && { level: read.level }), text: read.text });
  }
  return lines;
}

/** Whether a line in one of these forms has a time of its own: that of the boot's clock, or syslog's. */
export function hasTime(line: string): boolean {
  return syslogPrefix.test(line) || (readKmsg(line) ?? readDmesg(line)).seconds !== undefined;
}

interface ReadLine {
  readonly seconds: number | undefined;
  readonly level: number | undefined;
  readonly text: string;
}

/** Lines that /dev/kmsg adds to a record: ` KEY=value`. */
function isContinuation(line: string, linesSoFar: number): boolean {
  return linesSoFar > 0 && /^ [A-Z_]+=/.test(line);
}

/** Level and facility share one number; the level is its lowest three bits. */
function levelOf(priority: string | undefined): number | undefined {
  return priority === undefined ? undefined : Number(priority) & 7;
}

function readKmsg(line: string): ReadLine | undefined {
  const match = /^([0-9]+),[0-9]+,([0-9]+),[^;]*;(.*)$/s.exec(line);
  if (!match) return undefined;
  return { seconds: Number(match[2]) / 1e6, level: levelOf(match[1]), text: match[3] ?? '' };
}

const syslogPrefix = /^(?:[A-Z][a-z]{2} [ 0-9][0-9] [0-9:]{8}|[0-9]{4}-[0-9-]+T[0-9:.,+Z-]+) \S+ kernel: /;
const decodedPrefix = /^[a-z]+ *:([a-z]+) *: /;
const levelNames = ['emerg', 'alert', 'crit', 'err', 'warn', 'notice', 'info', 'debug'];

function readDmesg(line: string): ReadLine {
  const decoded = decodedPrefix.exec(line);
  const decodedLevel = levelNames.indexOf(decoded?.[1] ?? '');
  const bare = decodedLevel < 0 ? line.replace(syslogPrefix, '') : line.slice(decoded?.[0].length);
  const match = /^(?:<([0-9]{1,3})>)?(?:\[ *([0-9]+\.[0-9]+)\](?:\[ *[TC][0-9]+\])? ?)?(.*)$/s.exec(bare);
  return {
    seconds: match?.[2] === undefined ? undefined : Number(match[2]),
    level: decodedLevel < 0 ? levelOf(match?.[1]) : decodedLevel,
    text: match?.[3] ?? bare,
  };
}
