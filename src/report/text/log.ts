import { plural, printable } from '../../base/index.ts';
import type { LogLine } from '../../partition/index.ts';
import type { Paint } from './paint.ts';

/** A log line as dmesg prints it: `[    7.042000] mobility: …`; warnings and errors are coloured. */
export function logLine({ seconds, level, text }: LogLine, paint: Paint): string {
  const stamp = paint.dim(`[${seconds.toFixed(6).padStart(12)}]`);
  const line = printable(text);
  if (level === undefined || level > 5) return `${stamp} ${line}`;
  if (level === 5) return `${stamp} ${paint.bold(line)}`;
  return `${stamp} ${level === 4 ? paint.yellow(line) : paint.red(line)}`;
}

/** Lines that a real kernel logs with a warning in addition to its message and call trace. */
const REGISTER_DUMP =
  /^(Modules linked in|CPU: \d|Hardware name|NIP|LR |REGS|MSR|CFAR|IRQMASK|GPR\d|Instruction dump|--- interrupt|Tainted|([0-9a-f<>]{8,10} ?){2})/;

/** A log without the registers and code that real kernels dump with each warning; the omitted lines are counted. */
export function logLines(log: readonly LogLine[], paint: Paint): readonly string[] {
  const lines: string[] = [];
  let inWarning = false;
  let omitted = 0;
  const countOmitted = () => {
    if (omitted > 0) {
      const text = `(${plural(omitted, 'line')} of registers and code omitted)`;
      lines.push(paint.dim(`${' '.repeat(15)}${text}`));
    }
    omitted = 0;
  };
  for (const line of log) {
    if (/^-+\[ cut here \]/.test(line.text)) inWarning = true;
    if (inWarning && REGISTER_DUMP.test(line.text)) {
      omitted++;
      continue;
    }
    countOmitted();
    lines.push(logLine(line, paint));
    if (/^---\[ end trace/.test(line.text)) inWarning = false;
  }
  countOmitted();
  return lines;
}
