import type { LogLine } from '../../partition/index.ts';

/** A log that was read from one file. */
export interface FileLog {
  readonly lines: readonly LogLine[];
  /** Whether its lines have the boot's clock (`[   12.345678]`); else their seconds count from its first line. */
  readonly stamped: boolean;
}

const DAY = 86_400;
const YEAR = 365 * DAY;

/**
 * Merges logs into one, in order of time, by the machine's clock. The same line in two logs is taken once. A log without the
 * clock gets it from a line that it has in common with another log; where there is no such line, the log keeps its place
 * among the others.
 * @param references logs that are not merged, but may have lines in common with those that are
 */
export function mergeLogs(logs: readonly FileLog[], references: readonly FileLog[] = []): readonly LogLine[] {
  const filled = logs.filter(({ lines }) => lines.length > 0);
  const [first] = filled;
  if (!first) return [];
  if (filled.length === 1) return first.lines;
  const clocks = clocksOf(filled, references);
  const clocked = filled.flatMap((log, at) => (clocks[at] ? [{ ...log, clock: clocks[at] }] : []));
  if (clocked.length === 0) return byBootTime(filled).flatMap(({ lines }) => lines);
  const merged = inOrder(clocked);
  // What has no clock stays before or after the first log that has one.
  const place = clocks.findIndex((clock) => clock !== undefined);
  const without = (from: number, to?: number) =>
    filled.slice(from, to).flatMap(({ lines }, at) => (clocks[from + at] ? [] : lines));
  return [...without(0, place), ...merged, ...without(place)];
}

/** The machine's clock at each line of each log; undefined for a log where it is not known. */
function clocksOf(
  logs: readonly FileLog[],
  references: readonly FileLog[],
): (readonly number[] | undefined)[] {
  const all = [...logs, ...references];
  const clocks = all.map(({ lines }) => ownClock(lines));
  settleYears(clocks);
  const own = clocks.slice(0, logs.length);
  if (own.every((clock) => clock)) return own;
  const known = new Map<string, number>();
  for (const [at, clock] of clocks.entries())
    for (const [line, seconds] of clock?.entries() ?? [])
      known.set(all[at]?.lines[line]?.text ?? '', seconds);
  return own.map((clock, at) => clock ?? alignedClock(logs[at]?.lines ?? [], known));
}

/** Never runs backwards: within one log the order of its lines counts. */
function ownClock(lines: readonly LogLine[]): number[] | undefined {
  const start = lines.find((line) => line.clock !== undefined)?.clock;
  if (start === undefined) return undefined;
  let years = 0;
  let latest = start;
  return lines.map(({ clock }) => {
    // Where the form has no year, the clock falls back by one at the end of December.
    if (clock !== undefined && isYearless(clock) && clock + years < latest - YEAR / 2) years += YEAR;
    latest = Math.max(latest, (clock ?? latest - years) + years);
    return latest;
  });
}

function isYearless(clock: number): boolean {
  return clock < YEAR + DAY;
}

/** Gives logs without a year the last year that does not end after the logs that have one, or else a common order. */
function settleYears(clocks: (number[] | undefined)[]): void {
  const known = clocks.filter((clock) => clock !== undefined);
  const yearless = known.filter((clock) => isYearless(clock[0] ?? 0));
  const ends = known.filter((clock) => !yearless.includes(clock)).map((clock) => clock.at(-1) ?? 0);
  if (ends.length > 0) {
    const end = Math.max(...ends);
    for (const clock of yearless) move(clock, yearStart(end, clock.at(-1) ?? 0));
    return;
  }
  const starts = yearless.map((clock) => clock[0] ?? 0);
  // Logs of January and of December: the year ended in between.
  if (Math.max(...starts) - Math.min(...starts) < YEAR / 2) return;
  for (const clock of yearless) if ((clock[0] ?? 0) < YEAR / 2) move(clock, YEAR);
}

/** Seconds to add to a clock of 1970 so that it is in the latest year in which it is not after `end`. */
function yearStart(end: number, clock: number): number {
  const year = new Date(end * 1000).getUTCFullYear();
  const start = Date.UTC(year) / 1000;
  return start + clock <= end + DAY ? start : Date.UTC(year - 1) / 1000;
}

function move(clock: number[], seconds: number): void {
  for (const at of clock.keys()) clock[at] = (clock[at] ?? 0) + seconds;
}

/** @param known the clock at lines of other logs, by text */
function alignedClock(lines: readonly LogLine[], known: ReadonlyMap<string, number>): number[] | undefined {
  for (let at = lines.length - 1; at >= 0; at -= 1) {
    const { text, seconds } = lines[at] as LogLine;
    const clock = known.get(text);
    if (clock !== undefined && text.length > 10) return lines.map((line) => clock + line.seconds - seconds);
  }
  return undefined;
}

/** Logs of one boot by their first line; a log that begins with a boot and those after it keep their place. */
function byBootTime(logs: readonly FileLog[]): readonly FileLog[] {
  const boots = logs.filter(({ lines }) => lines.some(isBoot)).length;
  if (boots > 1) return logs;
  const start = ({ lines }: FileLog) => lines[0]?.seconds ?? 0;
  return logs.toSorted((one, other) => start(one) - start(other));
}

/** The kernel's first line. */
export function isBoot({ text }: LogLine): boolean {
  return text.startsWith('Linux version ');
}

interface Entry {
  readonly line: LogLine;
  readonly clock: number;
  /** Index of the log. */
  readonly log: number;
  readonly stamped: boolean;
}

/** The same event may have two seconds: one log rounds, or its writer was late. */
const SAME_SECONDS = 2;

function inOrder(logs: readonly (FileLog & { readonly clock: readonly number[] })[]): readonly LogLine[] {
  const entries: Entry[] = [];
  for (const [log, { lines, clock, stamped }] of logs.entries())
    for (const [at, line] of lines.entries()) entries.push({ line, clock: clock[at] ?? 0, log, stamped });
  // Stable: lines of one second stay in the order of their logs.
  entries.sort((one, other) => one.clock - other.clock);
  const twins = new Twins();
  const kept = entries.filter((entry) => !twins.has(entry));
  return onOneClock(kept);
}

/** Finds lines that another log has too. */
class Twins {
  readonly #byText = new Map<string, { readonly entry: Entry; readonly logs: Set<number> }[]>();

  /** Whether another log has the same line; each line matches at most one line of each other log. */
  has(entry: Entry): boolean {
    const { line, clock, log } = entry;
    const candidates = this.#byText.get(line.text) ?? [];
    while ((candidates[0]?.entry.clock ?? clock) < clock - SAME_SECONDS) candidates.shift();
    const twin = candidates.find(({ logs }) => !logs.has(log));
    if (twin) {
      twin.logs.add(log);
      return true;
    }
    candidates.push({ entry, logs: new Set([log]) });
    if (candidates.length === 1) this.#byText.set(line.text, candidates);
    if (this.#byText.size > MAX_TEXTS) this.#forget(clock - SAME_SECONDS);
    return false;
  }

  #forget(before: number): void {
    for (const [text, candidates] of this.#byText)
      if ((candidates.at(-1)?.entry.clock ?? before) < before) this.#byText.delete(text);
  }
}

/** Texts that are held before old ones are forgotten. */
const MAX_TEXTS = 50_000;

/** Lines of logs without the boot's clock get their seconds from the machine's clock. */
function onOneClock(entries: readonly Entry[]): readonly LogLine[] {
  const stamped = entries.find((entry) => entry.stamped);
  let zero = stamped ? stamped.clock - stamped.line.seconds : (entries[0]?.clock ?? 0);
  return entries.map((entry) => {
    if (entry.stamped) {
      zero = entry.clock - entry.line.seconds;
      return entry.line;
    }
    const seconds = Math.round((entry.clock - zero) * 1e6) / 1e6;
    return seconds === entry.line.seconds ? entry.line : { ...entry.line, seconds };
  });
}
