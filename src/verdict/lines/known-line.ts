/**
 * Where in a migration the kernel prints a line. They come in this order; `update` is when firmware's list of changes
 * is worked through.
 */
export const phases = ['prepare', 'suspend', 'resume', 'update', 'transfer', 'finish'] as const;
export type Phase = (typeof phases)[number];

/** What a line means for somebody who reads a log. */
export interface KnownLine {
  /** Kebab-case, stable. */
  readonly name: string;
  /** Matches the whole text after the timestamp; what it captures is `$1`, `$2`, … in `meaning`. */
  readonly pattern: RegExp;
  /** Absent: it says nothing of where a migration is. */
  readonly phase?: Phase;
  /**
   * - `step`: part of every migration
   * - `notable`: decides what the partition has afterwards
   * - `trouble`: something went wrong
   */
  readonly weight: 'step' | 'notable' | 'trouble';
  readonly meaning: string;
  /** First release that prints it in this form, where that is known; stable releases may have it earlier. */
  readonly since?: string;
  /** Last release that does. */
  readonly until?: string;
}
