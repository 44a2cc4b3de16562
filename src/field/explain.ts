import type { LogLine } from '../partition/index.ts';
import {
  type KnownLine,
  knownLines,
  type MigrationStory,
  type Phase,
  phases,
  type Story,
  type ToldLine,
} from '../verdict/index.ts';

/**
 * Tells what a kernel log says of migrations. One begins where the kernel prepares or calls for a suspend, once the one
 * before has gone on from there; a log that begins in the middle of one has it from there. What else is known and
 * comes later is told as a consequence of the last migration.
 */
export function explain(log: readonly LogLine[]): Story {
  const others: ToldLine[] = [];
  const migrations: Migration[] = [];
  for (const [at, line] of log.entries()) {
    const text = line.text.trim();
    const known = recognise(text);
    if (!known) continue;
    const told = tell(known.line, known.match, at, line);
    const current = migrations.at(-1);
    if (known.line.name === 'boot') {
      current?.close();
      others.push(told);
    } else if (known.line.phase === undefined) (current?.listFor(told) ?? others).push(told);
    else if (!current?.takes(known.line, line)) migrations.push(new Migration(known.line, told));
    else current.take(known.line, told);
  }
  return {
    migrations: migrations.map((migration, index) => migration.story(index + 1)),
    others,
    lines: log.length,
  };
}

/** Longest line of a kernel that is looked at: printk cuts at 1024 bytes. */
const longestLine = 2048;

/** What a line's text means, if that is known. */
export function recognise(text: string): { line: KnownLine; match: RegExpExecArray } | undefined {
  if (text.length > longestLine) return undefined;
  for (const line of knownLines) {
    const match = line.pattern.exec(text);
    if (match) return { line, match };
  }
  return undefined;
}

function tell(known: KnownLine, match: RegExpExecArray, at: number, line: LogLine): ToldLine {
  const meaning = known.meaning.replace(/\$(\d)/g, (_, group: string) => match[Number(group)] ?? '');
  return { at, line, name: known.name, weight: known.weight, meaning };
}

/** A pause longer than this within the update separates two migrations of a kernel that logs nothing else. */
const longestPause = 300;

const rank = Object.fromEntries(phases.map((phase, index) => [phase, index])) as Record<Phase, number>;

class Migration {
  readonly #steps: ToldLine[] = [];
  readonly #afterwards: ToldLine[] = [];
  #phase = 0;
  /** Whether the next call for a suspend is this migration's: its first one, or one that was announced. */
  #mayCall = true;
  #closed = false;

  constructor(known: KnownLine, told: ToldLine) {
    this.take(known, told);
  }

  /** Whether a line can be a step of this migration, and not the first of another. */
  takes(known: KnownLine, line: LogLine): boolean {
    const phase = rankOf(known);
    if (this.#closed || (known.name === 'suspend-called' && !this.#mayCall)) return false;
    if (phase === rank.prepare)
      return this.#phase === phase && !this.#steps.some((step) => step.name === known.name);
    // After a failed attempt everybody wakes up, and then it is said that it failed.
    if (phase === rank.suspend && this.#phase === rank.resume) return true;
    const last = this.#steps.at(-1)?.line.seconds ?? line.seconds;
    if (phase === rank.update && this.#phase === phase) return line.seconds - last <= longestPause;
    return phase >= this.#phase;
  }

  take(known: KnownLine, told: ToldLine): void {
    this.#steps.push(told);
    this.#phase = rankOf(known);
    if (known.name === 'suspend-called') this.#mayCall = false;
    else if (known.name === 'suspend-retried') this.#mayCall = true;
  }

  /** Where a line goes that belongs to no phase: to the steps while the migration is under way. */
  listFor({ line }: ToldLine): ToldLine[] {
    const last = this.#steps.at(-1)?.line;
    const underWay =
      !this.#closed && this.#phase < rank.transfer && last !== undefined && line.seconds - last.seconds <= 1;
    return underWay ? this.#steps : this.#afterwards;
  }

  /** The partition was booted anew. */
  close(): void {
    this.#closed = true;
  }

  story(number: number): MigrationStory {
    const outcome = outcomeOf(this.#steps);
    return {
      number,
      outcome,
      headline: headline(outcome, this.#steps, this.#afterwards),
      steps: this.#steps,
      afterwards: this.#afterwards,
    };
  }
}

function rankOf({ phase = 'update' }: KnownLine): number {
  return rank[phase];
}

/** Steps by which one knows that the suspend succeeded. */
const moved = new Set([
  'transfer-awaited',
  'transfer-done',
  'ignored-remove',
  'ignored-add',
  'node-removed',
  'node-added',
  'property-updated',
  'failed-lookup',
]);
const notMoved = new Set(['cancel-failed', 'vasi-refused', 'suspend-given-up', 'join-failed']);

function outcomeOf(steps: readonly ToldLine[]): MigrationStory['outcome'] {
  const names = new Set(steps.map((step) => step.name));
  if (steps.some((step) => moved.has(step.name))) return 'moved';
  if (steps.some((step) => notMoved.has(step.name))) return 'not moved';
  if (!names.has('suspend-called')) return 'unknown';
  const failed = steps.findLastIndex(
    (step) => step.name === 'suspend-failed' || step.name === 'suspend-attempt-failed',
  );
  const called = steps.findLastIndex((step) => step.name === 'suspend-called');
  return failed > called ? 'not moved' : 'moved';
}

function headline(
  outcome: MigrationStory['outcome'],
  steps: readonly ToldLine[],
  afterwards: readonly ToldLine[],
): string {
  const parts = [
    {
      moved: 'the partition moved',
      'not moved': 'the partition did not move',
      unknown: 'the log does not tell whether the partition moved',
    }[outcome],
  ];
  const all = [...steps, ...afterwards];
  for (const [name, one, many] of counted) {
    const count = all.filter((step) => step.name === name).length;
    if (count > 0) parts.push(`${count} ${count === 1 ? one : many}`);
  }
  return parts.join('; ');
}

/** What is worth counting in a headline. */
const counted: readonly (readonly [name: string, one: string, many: string])[] = [
  ['node-removed', 'node removed', 'nodes removed'],
  ['node-added', 'node added', 'nodes added'],
  ['ignored-remove', 'delete ignored', 'deletes ignored'],
  ['ignored-add', 'add ignored', 'adds ignored'],
  ['property-updated', 'property updated', 'properties updated'],
  ['property-failed', 'property not updated', 'properties not updated'],
  ['failed-lookup', 'unknown phandle', 'unknown phandles'],
  ['update-aborted', 'update cut short', 'updates cut short'],
  ['duplicate-name', 'name taken twice', 'names taken twice'],
  ['suspend-attempt-failed', 'failed attempt', 'failed attempts'],
  ['use-after-free', 'use after free', 'uses after free'],
  ['process-crashed', 'process crashed', 'processes crashed'],
];
