import { type Phase, phases } from '../lines/index.ts';
import type { LogEvent } from './event.ts';

/** A pause longer than this within the update separates two migrations of a kernel that logs nothing else. */
const MAX_PAUSE = 300;

/** Seconds after a step in which events without a phase are part of the migration. */
const UNDER_WAY = 1;

const rank = Object.fromEntries(phases.map((phase, index) => [phase, index])) as Record<Phase, number>;

/** The events of one migration, as they are found in a log. */
export class Migration {
  readonly steps: LogEvent[] = [];
  readonly afterwards: LogEvent[] = [];
  #phase = 0;
  /** Whether the next call for a suspend is this migration's: its first one, or one that was announced. */
  #mayCall = true;
  #closed = false;

  constructor(first: LogEvent) {
    this.take(first);
  }

  /** Whether an event with a phase can be a step of this migration, and not the first of another. */
  takes(event: LogEvent): boolean {
    const phase = rankOf(event);
    if (phase <= rank.suspend && this.steps.some(({ proves }) => proves === 'moved')) return false;
    if (this.#closed || (event.name === 'suspend-called' && !this.#mayCall)) return false;
    if (phase === rank.prepare)
      return this.#phase === phase && !this.steps.some((step) => step.name === event.name);
    // After a failed attempt all CPUs wake up, and then the failure is logged.
    if (phase === rank.suspend && this.#phase === rank.resume) return true;
    if (phase === rank.update && this.#phase === phase) return this.#pause(event) <= MAX_PAUSE;
    return phase >= this.#phase;
  }

  /**
   * Whether an event without a phase that proves how a migration ended belongs to this one: an adapter reports one move
   * once, and drmgr ends one migration once.
   */
  takesProof(event: LogEvent): boolean {
    if (this.#closed || this.#pause(event) > MAX_PAUSE) return false;
    const all = [...this.steps, ...this.afterwards];
    return !all.some(({ name, values }) => name === event.name && values[0] === event.values[0]);
  }

  take(event: LogEvent): void {
    this.steps.push(event);
    if (event.phase === undefined) return;
    this.#phase = rankOf(event);
    if (event.name === 'suspend-called') this.#mayCall = false;
    else if (event.name === 'suspend-retried') this.#mayCall = true;
  }

  /** Adds an event that belongs to no phase: to the steps while the migration is under way. */
  add(event: LogEvent): void {
    const underWay = !this.#closed && this.#phase < rank.transfer && this.#pause(event) <= UNDER_WAY;
    (underWay ? this.steps : this.afterwards).push(event);
  }

  #pause(event: LogEvent): number {
    return event.line.seconds - (this.steps.at(-1)?.line.seconds ?? event.line.seconds);
  }

  /** The partition was booted anew. */
  close(): void {
    this.#closed = true;
  }

  get isClosed(): boolean {
    return this.#closed;
  }
}

function rankOf({ phase = 'update' }: LogEvent): number {
  return rank[phase];
}
