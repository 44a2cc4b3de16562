import type { KnownLine } from './known-line.ts';
import { migrationLines } from './migration-lines.ts';
import { otherLines } from './other-lines.ts';
import { updateLines } from './update-lines.ts';

export { type KnownLine, type Phase, phases } from './known-line.ts';

/** Every kernel line whose meaning is known here; at most one of them fits a line. */
export const knownLines: readonly KnownLine[] = [...migrationLines, ...updateLines, ...otherLines];

const byName = new Map(knownLines.map((line) => [line.name, line]));

/** The pattern of a known line, for a rule that looks for it. */
export function patternOf(name: string): RegExp {
  const line = byName.get(name);
  if (!line) throw new TypeError(`no known line ${name}`);
  return line.pattern;
}
