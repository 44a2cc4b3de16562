/**
 * Where in a migration the kernel prints a line. The phases come in this order; `update` is when firmware's list of changes
 * is worked through.
 */
export const phases = ['prepare', 'suspend', 'resume', 'update', 'transfer', 'finish'] as const;
export type Phase = (typeof phases)[number];

/** printk's levels; `stdout` for lines that a program prints. */
export type Level = 'emerg' | 'alert' | 'crit' | 'err' | 'warn' | 'notice' | 'info' | 'debug' | 'stdout';

/**
 * - `step`: part of every migration, or of every boot
 * - `notable`: decides what the partition has afterwards
 * - `harmless`: looks like a defect and is none; the meaning says why
 * - `trouble`: something went wrong
 */
export type Weight = 'step' | 'notable' | 'harmless' | 'trouble';

/** A line of a log whose meaning is known. */
export interface KnownLine {
  /** Kebab-case, stable. */
  readonly name: string;
  /** File that prints it, in the kernel's source or that of the named package. */
  readonly source: string;
  readonly level: Level;
  /** Matches the whole text after the timestamp; what it captures is `$1`, `$2`, … in `meaning` and `subject`. */
  readonly pattern: RegExp;
  /** Absent: it says nothing of where a migration is. */
  readonly phase?: Phase;
  readonly weight: Weight;
  readonly meaning: string;
  /** What the line proves of the migration that it is in. */
  readonly proves?: 'moved' | 'did not move';
  /** Name of the rule that makes a finding of it. */
  readonly rule?: string;
  /** What the finding is about: a path, a device, a function. */
  readonly subject?: string;
  /** First release that prints it in this form, where that is known; stable releases may have it earlier. */
  readonly since?: string;
  /** Last release that does. */
  readonly until?: string;
}

/** Lines of one source file. */
export function printedBy(source: string, lines: readonly Omit<KnownLine, 'source'>[]): readonly KnownLine[] {
  return lines.map((line) => ({ source, ...line }));
}
