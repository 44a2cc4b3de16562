import type { FileResult } from '../../partition/index.ts';
import { errnoName } from './errno.ts';

/** An error line of the programs that `op_read` uses; dd's count of records may follow. */
const ERROR_LINE = /(?:^|\n)((?:cat|dd|copy): [^\n]*)(?:\n\d+\+\d+ records (?:in|out))*\n?$/;

/** An error line contains a path (PATH_MAX). */
const MAX_ERROR_LENGTH = 4096 + 256;

/**
 * Parses the agent's answer to `read` (`op_read` in `script.ts`): each file's bytes and the mark, then a status. If the status is
 * not 0, a file that could not be read has an error line, after the bytes that were read.
 * @param mark  separator of this request
 * @param count number of requested files
 * @returns results of the first files, at least one. The last one is an error (`killed`) if the kernel killed the reader.
 */
export function parseFiles(answer: Buffer, mark: string, count: number): FileResult<Uint8Array>[] {
  const between = Buffer.from(`\n${mark}\n`);
  const parts: Buffer[] = [];
  let start = 0;
  for (let at = answer.indexOf(between); at >= 0; at = answer.indexOf(between, start)) {
    parts.push(answer.subarray(start, at));
    start = at + between.length;
  }
  const isWhole = answer.toString('latin1', start).trim() === '0';
  const results = parts.map((bytes) => (isWhole ? { ok: true as const, value: bytes } : resultOf(bytes)));
  return parts.length < count ? [...results, { ok: false, errno: 'killed' }] : results;
}

/** Result of one file when some file could not be read. */
function resultOf(bytes: Buffer): FileResult<Uint8Array> {
  const error = ERROR_LINE.exec(bytes.toString('latin1', Math.max(0, bytes.length - MAX_ERROR_LENGTH)))?.[1];
  return error === undefined ? { ok: true, value: bytes } : { ok: false, errno: errnoName(error) };
}
