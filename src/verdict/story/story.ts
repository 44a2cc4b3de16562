import type { LogEvent } from './event.ts';
import type { Proven } from './outcome.ts';

/** What a kernel log says, event by event in time order; plain data, for reports. */
export interface Story {
  readonly migrations: readonly MigrationStory[];
  /** Events that belong to no migration: before the first, or of the boot. */
  readonly others: readonly LogEvent[];
  /** How many lines the log has. */
  readonly lines: number;
}

export interface MigrationStory extends Omit<Proven, 'reason'> {
  /** 1 is the first in this log. */
  readonly number: number;
  /** In one sentence. */
  readonly headline: string;
  readonly steps: readonly LogEvent[];
  /** What was logged later and is a consequence, such as a use after free. */
  readonly afterwards: readonly LogEvent[];
}

/** All events of a story, in the order of the log. */
export function eventsIn({ migrations, others }: Story): readonly LogEvent[] {
  const all = migrations.flatMap(({ steps, afterwards }) => [...steps, ...afterwards]);
  return [...all, ...others].sort((one, other) => one.at - other.at);
}
