import type { LogLine } from '../../partition/index.ts';

/**
 * Lines of `dmesg -r`: `<6>[    1.234567] text`. The number is facility × 8 + level (RFC 5424, as printk uses it). A kernel
 * with CONFIG_PRINTK_CALLER adds a second pair of brackets, which is left out.
 */
export function parseKernelLog(text: string): LogLine[] {
  const lines: LogLine[] = [];
  for (const line of text.split('\n')) {
    const match = /^<(\d{1,4})>\[ *(\d+\.\d+)\](?:\[ *[TC]\d+\])? ?(.*)$/.exec(line);
    if (match) lines.push({ seconds: Number(match[2]), level: Number(match[1]) & 7, text: match[3] ?? '' });
  }
  return lines;
}
