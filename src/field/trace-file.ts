import { appendFileSync, writeFileSync } from 'node:fs';
import { InputError } from '../base/index.ts';
import { describeCall, type RtasTraceEntry } from '../papr/index.ts';

/**
 * Writes RTAS calls to a file as they happen, a line of JSON each: what it says in words, function, arguments, results,
 * and the work area before and after in hex. What is written stays, however the command ends.
 */
export function traceToFile(path: string): (entry: RtasTraceEntry) => void {
  try {
    writeFileSync(path, '');
  } catch (error) {
    throw new InputError(`cannot write: ${(error as NodeJS.ErrnoException).code}`, { file: path });
  }
  const hex = (bytes: Uint8Array) =>
    Buffer.from(bytes)
      .toString('hex')
      .replace(/(00)+$/, '');
  return (entry) => {
    const { area, ...call } = entry;
    const bytes = area && {
      area: { address: area.address, before: hex(area.before), after: hex(area.after) },
    };
    appendFileSync(path, `${JSON.stringify({ text: describeCall(entry), ...call, ...bytes })}\n`);
  };
}
