import { type LogLine, readLog } from '../../partition/index.ts';
import { type FileLog, isBoot, mergeLogs } from './merge-logs.ts';
import { type LogKind, logFile } from './paths.ts';
import { sectionsOf } from './sections.ts';

/** The text of one log file of a support archive. */
export interface LogText {
  /** Path below the machine's folder. */
  readonly path: string;
  /** The text, in parts that end with whole lines. */
  readonly parts: readonly string[];
  /** Whether only its end was read. */
  readonly cut: boolean;
}

export interface SupportLog extends FileLog {
  /** Paths of the files whose last part alone was read. */
  readonly cut: readonly string[];
}

/** @param parts the text of one log, in parts that end with whole lines */
export function fileLog(...parts: readonly string[]): FileLog {
  return { lines: readLog(parts), stamped: parts.some((part) => /\[ *\d+\.\d{6}\]/.test(part)) };
}

/**
 * The log of a machine: the one kernel log that covers most, with what drmgr, hcnmgr and rtas_errd logged. The ring buffer
 * is preferred to the journal, and that to syslog; but a log that begins with the boot is preferred to one that does not.
 */
export function logOf(files: readonly LogText[]): SupportLog {
  const parts = files.flatMap(partsOf).sort((one, other) => one.preference - other.preference);
  const of = (kind: LogKind) => parts.filter((part) => part.kind === kind);
  const candidates = [
    ...of('ring').map((part) => [part]),
    ...of('journal').map((part) => [part]),
    // Rotated files of syslog are one log.
    of('syslog'),
    ...of('boot').map((part) => [part]),
  ].map((all) => ({ parts: all, lines: mergeLogs(all), stamped: all.some(({ stamped }) => stamped) }));
  const base = bestOf(candidates.filter(({ lines }) => lines.some(isOfKernel)));
  const tools = [...of('tool'), ...candidates.filter((one) => one !== base).map(toolLines)];
  const used = [...(base?.parts ?? []), ...of('tool')];
  return {
    stamped: base?.stamped ?? false,
    lines: mergeLogs([...tools, ...(base ? [base] : [])], candidates),
    cut: used.filter(({ cut }) => cut).map(({ path }) => path),
  };
}

interface Part extends FileLog {
  readonly path: string;
  readonly kind: LogKind;
  readonly preference: number;
  readonly cut: boolean;
}

function partsOf({ path, parts, cut }: LogText): readonly Part[] {
  const found = logFile(path);
  if (!found) return [];
  const { kind, preference } = found;
  const part = (kind: LogKind, ...texts: readonly string[]) => ({
    path,
    kind,
    preference,
    cut,
    ...fileLog(...texts),
  });
  if (kind !== 'sections') return [part(kind, ...parts)];
  const sections = sectionsOf(parts.join(''));
  // A plain file that happens to have this name.
  if (sections.length === 0) return [part('syslog', ...parts)];
  return sections.flatMap(({ source, text }) => {
    const kind = kindOfSection(source);
    return kind === undefined ? [] : [part(kind, text)];
  });
}

/** @param source a command with its path and arguments, or the path of a file */
export function kindOfSection(source: string): LogKind | undefined {
  if (/^\S*\bdmesg(?: -T)?$/.test(source)) return 'ring';
  if (/^\/var\/log\/messages/.test(source)) return 'syslog';
  if (/^\/var\/log\/(?:drmgr|hcnmgr|rtas_errd)/.test(source)) return 'tool';
  const journal =
    /^\S*\bjournalctl((?: --no-pager| --boot(?:=0)?| --output=\S+| --lines \d+)+)(?: \| tail -n \d+)?$/;
  return journal.test(source) ? 'journal' : undefined;
}

/** Lines of drmgr, hcnmgr and rtas_errd in a log that is not the one that is taken. */
function toolLines({ lines, stamped }: FileLog): FileLog {
  return { lines: lines.filter(({ text }) => TOOL.test(text)), stamped };
}

const TOOL = /^(?:drmgr|hcnmgr|rtas_errd)\b/;

function isOfKernel({ text }: LogLine): boolean {
  return !TOOL.test(text);
}

function bestOf<Log extends FileLog>(logs: readonly Log[]): Log | undefined {
  const whole = logs.find(({ lines }) => lines.some(isBoot));
  if (whole) return whole;
  const start = ({ lines }: Log) => lines[0]?.seconds ?? 0;
  // A log without the boot's clock counts from its first line: it says nothing of when it begins.
  const stamped = logs.filter((log) => log.stamped);
  const earliest = stamped.toSorted((one, other) => start(one) - start(other))[0];
  const [first] = logs;
  if (!first?.stamped || !earliest) return first;
  return start(earliest) < start(first) - 1 ? earliest : first;
}
