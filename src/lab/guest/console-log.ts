import { type LogLine, readLog } from '../../partition/index.ts';

/** Finds the kernel's lines in console output, by their timestamps. */
export function consoleLog(text: string): LogLine[] {
  const lines = text.split('\n').filter((line) => /^\[ *\d+\.\d+\]/.test(line));
  return readLog(lines.join('\n'));
}
