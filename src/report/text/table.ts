import { printable } from '../../base/index.ts';
import type { Paint } from './paint.ts';

/** Rows below a header, columns aligned on the left; for tables of words. */
export function table(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  paint: Paint,
): readonly string[] {
  const shown = rows.map((row) => row.map(printable));
  const widths = header.map((title, at) =>
    Math.max(title.length, ...shown.map((row) => (row[at] ?? '').length)),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd();
  return [paint.bold(line(header)), ...shown.map(line)];
}
