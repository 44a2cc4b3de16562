import type { LogLine, Observation } from '../partition/index.ts';
import type { KnownLine } from './lines/index.ts';
import type { Verdict } from './verdict.ts';

/** A kernel log told line by line, in time order; plain data, for reports. */
export interface Story {
  readonly migrations: readonly MigrationStory[];
  /** Known lines that belong to no migration: before the first, or of the boot. */
  readonly others: readonly ToldLine[];
  /** How many lines the log has. */
  readonly lines: number;
}

export interface MigrationStory {
  /** 1 is the first in this log. */
  readonly number: number;
  /** Whether the partition came to the new server, as far as the log tells. */
  readonly outcome: 'moved' | 'not moved' | 'unknown';
  /** In one sentence. */
  readonly headline: string;
  readonly steps: readonly ToldLine[];
  /** What was logged later and is a consequence, such as a use after free. */
  readonly afterwards: readonly ToldLine[];
}

export interface ToldLine {
  /** Index in the log. */
  readonly at: number;
  readonly line: LogLine;
  /** Name of the known line. */
  readonly name: string;
  readonly weight: KnownLine['weight'];
  readonly meaning: string;
}

/** What can be said of somebody's machine: what every report of an audit is made of. */
export interface Audit {
  readonly name: string;
  readonly observation: Observation;
  /** Whether there was a capture from before, and a tree of what should be. */
  readonly compared: { readonly before: boolean; readonly wanted: boolean };
  readonly story: Story;
  readonly verdict: Verdict;
}
