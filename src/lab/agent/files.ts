import type { FileResult } from '../../partition/index.ts';
import { errnoName } from './errno.ts';

/** What `op_read` reads with, when it complains; dd's count of records may follow. */
const ERROR_LINE = /(?:^|\n)((?:cat|dd|copy): [^\n]*)(?:\n\d+\+\d+ records (?:in|out))*\n?$/;

/** A complaint names a path (PATH_MAX). */
const MAX_ERROR_LENGTH = 4096 + 256;

/**
 * Reads the agent's answer to `read` (`op_read` in `script.ts`): each file's bytes and the mark, then a status. If that is not
 * 0, files that could not be read have a complaint in their stead or, where reading broke off, behind what was read.
 * @param count how many files were asked for
 * @returns those that were tried, at least one: when the kernel killed who read them, nobody read on
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

/** Of one among several, some of which could not be read. */
function resultOf(bytes: Buffer): FileResult<Uint8Array> {
  const said = ERROR_LINE.exec(bytes.toString('latin1', Math.max(0, bytes.length - MAX_ERROR_LENGTH)))?.[1];
  return said === undefined ? { ok: true, value: bytes } : { ok: false, errno: errnoName(said) };
}
