import { appendFileSync, writeFileSync } from 'node:fs';
import { InputError } from '../base/index.ts';
import { describeCall, type RtasTraceEntry } from '../papr/index.ts';

/**
 * Writes each RTAS call to a file as one line of JSON: a description, function, arguments, results, and the work area before
 * and after in hex. Every line is written immediately, so it remains when the command fails.
 * @throws InputError when the file cannot be written
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
