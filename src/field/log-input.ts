import { stat } from 'node:fs/promises';
import { InputError } from '../base/index.ts';
import { type LogLine, readLog } from '../partition/index.ts';
import { packingOf } from './archive/decompress.ts';
import { openSource, readWhole } from './archive/source.ts';
import { readArchive } from './support/read-archive.ts';
import { logOf } from './support/read-capture.ts';
import { unwrap } from './unwrap.ts';

export interface LogInput {
  readonly name: string;
  readonly log: readonly LogLine[];
  /** What could not be read, each with path and reason. */
  readonly unread: readonly string[];
}

/**
 * Reads a kernel log: text in any form that `readLog` takes, also with lines that a mail has cut, or the log in a capture
 * or sosreport; `-` is standard input.
 * @throws InputError when there is none
 */
export async function readLogInput(path: string): Promise<LogInput> {
  const name = path === '-' ? '<stdin>' : path;
  const found = path === '-' ? undefined : await stat(path).catch(() => undefined);
  if (found?.isDirectory()) throw new InputError('a folder, not a log', { file: path });
  const source = await openSource(path);
  const packing = packingOf(source.head);
  if (packing !== undefined) {
    const archive = await readArchive(source.chunks, packing, name);
    const log = logOf(archive.files);
    if (log.length === 0) throw new InputError('no kernel log in the archive', { file: name });
    return { name, log, unread: archive.notes };
  }
  const text = Buffer.from(await readWhole(source)).toString('latin1');
  return {
    name,
    log: unwrap(readLog(text)),
    unread: [],
  };
}
