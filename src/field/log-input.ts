import { stat } from 'node:fs/promises';
import { InputError } from '../base/index.ts';
import type { LogLine } from '../partition/index.ts';
import { recognise } from '../verdict/index.ts';
import type { Source } from './archive/source.ts';
import type { Archive } from './support/collector.ts';
import { readLogText } from './support/log-reader.ts';
import { fileLog, logOf } from './support/logs.ts';
import { type FileLog, mergeLogs } from './support/merge-logs.ts';
import { readArchive } from './support/read-archive.ts';
import { readFolder } from './support/read-folder.ts';
import { unwrap } from './unwrap.ts';
import { openInput } from './what-is-it.ts';

export interface LogInput {
  /** The path as given, or `<stdin>`; of several, all of them. */
  readonly name: string;
  readonly log: readonly LogLine[];
  /** What could not be read, each with path and reason. */
  readonly unread: readonly string[];
}

/**
 * Reads kernel logs: text in any form that `readLog` takes, also compressed, or the log in a support archive or its folder;
 * `-` is standard input. Several logs become one, in order of time.
 * @throws InputError for what cannot be read, an archive without a log, and what is no text
 */
export async function readLogInput(...paths: readonly string[]): Promise<LogInput> {
  const inputs: OneLog[] = [];
  for (const path of paths) inputs.push(await readOne(path));
  return {
    name: inputs.map(({ name }) => name).join(', '),
    log: mergeLogs(inputs),
    unread: inputs.flatMap(({ name, unread }) =>
      inputs.length === 1 ? unread : unread.map((problem) => `${name}: ${problem}`),
    ),
  };
}

interface OneLog extends FileLog {
  readonly name: string;
  readonly unread: readonly string[];
}

async function readOne(path: string): Promise<OneLog> {
  const name = path === '-' ? '<stdin>' : path;
  const found = path === '-' ? undefined : await stat(path).catch(() => undefined);
  if (found?.isDirectory()) return fromArchive(await readFolder(path), name);
  const { content, source } = await openInput(path, name);
  if (content === 'archive') return fromArchive(await readArchive(source.chunks, 'none', name), name);
  const log = await readLogSource(source, name);
  if (!isText(source.head)) throw new InputError('not a text', { file: name }, { hint: LOG_HINT });
  return log;
}

/** Logs may have runs of zeros from a crash, but few other control characters. */
function isText(head: Uint8Array): boolean {
  const controls = head.filter((byte) => byte > 0 && byte < 32 && !(byte > 8 && byte < 14) && byte !== 27);
  return controls.length <= head.length / 20;
}

const LOG_HINT = 'give the output of dmesg or journalctl -k, a support archive, or a device tree';

function fromArchive({ logs, notes }: Archive, name: string): OneLog {
  const { lines, stamped, cut } = logOf(logs);
  if (lines.length === 0) throw new InputError('no kernel log in it', { file: name });
  return { name, lines, stamped, unread: [...notes, ...cut.map((path) => `${path}: only its end was read`)] };
}

/** Reads one log that is given by itself. */
export async function readLogSource({ chunks }: Source, name: string): Promise<OneLog> {
  const { parts, cut, problem } = await readLogText(chunks);
  const { lines, stamped } = textLog(parts);
  const unread = [
    ...(cut ? [`${name}: only its end was read`] : []),
    ...(problem === undefined ? [] : [`${name}: ${problem}`]),
  ];
  return { name, lines, stamped, unread };
}

/** @throws InputError for a text that is no kernel log: no line has a time or a level, and none is known */
export function checkIsLog({ lines, name }: OneLog): void {
  if (lines.some(isOfLog)) return;
  const what =
    lines.length === 0
      ? 'the file is empty'
      : 'neither a device tree nor a kernel log: no line has a time, and none is known';
  throw new InputError(what, { file: name }, { hint: LOG_HINT });
}

function textLog(parts: readonly string[]): FileLog {
  // boot.txt of a supportconfig by itself.
  if (/^#==\[ /m.test(parts[0]?.slice(0, 8192) ?? '')) {
    const log = logOf([{ path: 'boot.txt', parts, cut: false }]);
    if (log.lines.length > 0) return log;
  }
  const { lines, stamped } = fileLog(...parts);
  // Most logs have no line without a time, and are not copied.
  return { lines: lines.some(({ untimed }) => untimed) ? unwrap(lines) : lines, stamped };
}

/** The first line of a fault, or one of its registers or of its trace, in a log without times. */
const FAULT =
  /^(?:BUG|Oops|WARNING|INFO|Kernel panic|watchdog|Unable to handle|Call Trace|NIP|REGS|CPU)\b.*:/;

function isOfLog({ untimed, level, text }: LogLine): boolean {
  return !untimed || level !== undefined || FAULT.test(text) || recognise(text.trim()) !== undefined;
}
