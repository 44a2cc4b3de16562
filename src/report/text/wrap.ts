/** Breaks at spaces so that no line is longer than `width`, except for a single word that is. */
export function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return line === '' ? lines : [...lines, line];
}

/** Width of the terminals that everything but lines of logs and commands is to fit. */
const TERMINAL_WIDTH = 80;

/** A line that begins with something to be dressed, broken to fit a terminal; what follows stands two blanks in. */
export function wrapStyled(start: string, rest: string, dress: (text: string) => string): readonly string[] {
  const [first = '', ...more] = wrap(`${start}${rest}`, TERMINAL_WIDTH - 2);
  const dressed = first.startsWith(start) ? `${dress(start)}${first.slice(start.length)}` : first;
  return [dressed, ...more.map((line) => `  ${line}`)];
}
