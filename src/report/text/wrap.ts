import { columns } from './width.ts';

/**
 * Breaks a text at spaces so that no line is wider than `width` columns, except for a single word that is.
 *
 * The texts have no colours yet, so this needs nothing that fast-wrap-ansi does. That package takes 8 ms to load, and its
 * widths of characters are not always those of string-width.
 */
export function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  let used = 0;
  for (const word of text.split(' ')) {
    const size = columns(word);
    if (line !== '' && used + 1 + size > width) {
      lines.push(line);
      line = word;
      used = size;
    } else {
      used += line === '' ? size : 1 + size;
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return line === '' ? lines : [...lines, line];
}

/** Width of the terminal that all lines fit, except lines of logs, commands and paths. */
const TERMINAL_WIDTH = 80;

/**
 * Wraps a line whose start has a style, to the width of a terminal; further lines are indented by two spaces.
 * @param style applied to `start` where it fits on the first line as a whole
 */
export function wrapStyled(start: string, rest: string, style: (text: string) => string): readonly string[] {
  const [first = '', ...more] = wrap(`${start}${rest}`, TERMINAL_WIDTH - 2);
  const styled = first.startsWith(start) ? `${style(start)}${first.slice(start.length)}` : first;
  return [styled, ...more.map((line) => `  ${line}`)];
}
