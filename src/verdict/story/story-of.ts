import type { LogLine } from '../../partition/index.ts';
import { beforeMigrations, inMigration } from './context.ts';
import type { LogEvent } from './event.ts';
import { eventsOf } from './events.ts';
import { headline } from './headline.ts';
import { Migration } from './migration.ts';
import { type Proven, provenOutcome } from './outcome.ts';
import type { MigrationStory, Story } from './story.ts';

const stories = new WeakMap<readonly LogLine[], Story>();

/**
 * What a kernel log says of migrations. One begins where the kernel prepares or calls for a suspend, or, on kernels that log
 * nothing of it, where drmgr or an adapter reports it; a log that begins in the middle of one has it from there. Other
 * known events that come later are listed as consequences of the last migration, up to the next boot.
 *
 * The rules of the verdict work on the same events.
 */
export function storyOf(log: readonly LogLine[]): Story {
  let story = stories.get(log);
  if (!story) {
    story = storyFrom(log);
    stories.set(log, story);
  }
  return story;
}

function storyFrom(log: readonly LogLine[]): Story {
  const found = new Finder();
  for (const event of eventsOf(log)) found.take(event);
  const { migrations, others } = found;
  const hasTimes = log.some(({ seconds }) => seconds !== 0);
  return {
    migrations: migrations.map((migration, index) => {
      const next = migrations[index + 1]?.steps[0]?.at;
      const boot = found.boots.find((at) => at > (migration.steps[0]?.at ?? 0));
      const end = Math.min(next ?? log.length, boot ?? log.length);
      return migrationStory(migration, index + 1, log, end, boot !== undefined && end === boot);
    }),
    others: others.map((event) => {
      const boot = found.boots.findLast((at) => at <= event.at);
      return beforeMigrations(event, boot === undefined ? undefined : log[boot], hasTimes);
    }),
    lines: log.length,
  };
}

/** Sorts events into migrations. */
class Finder {
  readonly migrations: Migration[] = [];
  readonly others: LogEvent[] = [];
  /** Indices of the lines with which a boot begins. */
  readonly boots: number[] = [];

  take(event: LogEvent): void {
    const current = this.migrations.at(-1);
    if (event.name === 'boot') {
      current?.close();
      this.boots.push(event.at);
      this.others.push(event);
    } else if (event.phase !== undefined) {
      if (current?.takes(event)) current.take(event);
      else this.migrations.push(new Migration(event));
    } else if (event.proves !== undefined) {
      if (current?.takesProof(event)) current.take(event);
      else this.migrations.push(new Migration(event));
    } else if (current && !current.isClosed) current.add(event);
    else this.others.push(event);
  }
}

function migrationStory(
  migration: Migration,
  number: number,
  log: readonly LogLine[],
  end: number,
  rebooted: boolean,
): MigrationStory {
  const proven: Proven = provenOutcome(migration.steps, migration.afterwards, log, end, rebooted);
  const mayHaveMoved = proven.outcome !== 'did not move';
  const inContext = (event: LogEvent) => inMigration(event, migration, mayHaveMoved);
  const steps = migration.steps.map(inContext);
  const afterwards = migration.afterwards.map(inContext);
  return {
    number,
    outcome: proven.outcome,
    proof: proven.proof,
    headline: headline(proven, [...steps, ...afterwards]),
    steps,
    afterwards,
  };
}
