import { printable } from '../../base/index.ts';
import type { Paint } from './paint.ts';
import { columns, padEnd } from './width.ts';

/** A header and rows as lines; columns are separated by two spaces and aligned on the left. */
export function table(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  paint: Paint,
): readonly string[] {
  const shown = rows.map((row) => row.map(printable));
  const widths = header.map((title, at) =>
    Math.max(columns(title), ...shown.map((row) => columns(row[at] ?? ''))),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, at) => padEnd(cell, widths[at] ?? 0))
      .join('  ')
      .trimEnd();
  return [paint.bold(line(header)), ...shown.map(line)];
}
