import { type LogLine, readLog } from '../../partition/index.ts';

/** The kernel's lines on a console: those with timestamps among other output. */
export function consoleLog(text: string): LogLine[] {
  const lines = text.split('\n').filter((line) => /^\[ *\d+\.\d+\]/.test(line));
  return readLog(lines.join('\n'));
}
