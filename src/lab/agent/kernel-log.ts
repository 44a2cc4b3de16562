import type { LogLine } from '../../partition/index.ts';

/**
 * Parses output of `dmesg -r`: `<6>[    1.234567] text`. The number is facility × 8 + level (printk). The second pair of brackets,
 * which CONFIG_PRINTK_CALLER adds, is removed. Other lines are ignored.
 */
export function parseKernelLog(text: string): LogLine[] {
  const lines: LogLine[] = [];
  for (const line of text.split('\n')) {
    const match = /^<(\d{1,4})>\[ *(\d+\.\d+)\](?:\[ *[TC]\d+\])? ?(.*)$/.exec(line);
    if (match) lines.push({ seconds: Number(match[2]), level: Number(match[1]) & 7, text: match[3] ?? '' });
  }
  return lines;
}
