import type { LogLine } from '../../partition/index.ts';
import type { Clock } from './clock.ts';
import type { Events } from './events.ts';

/** Levels of printk (include/linux/kern_levels.h); a printk() without one is a warning. */
export const KERN_ERR = 3;
export const KERN_WARNING = 4;
export const KERN_NOTICE = 5;
export const KERN_INFO = 6;
export const KERN_DEBUG = 7;

/** The kernel's log since boot. Each line takes a microsecond, so that lines are ordered by their timestamps. */
export class KernelLog {
  readonly lines: LogLine[] = [];
  readonly #clock: Clock;
  readonly #events: Events;

  constructor(clock: Clock, events: Events) {
    this.#clock = clock;
    this.#events = events;
  }

  print(level: number, text: string): void {
    this.lines.push({ seconds: ++this.#clock.micros / 1e6, level, text });
    if (this.#events.enabled) this.#events.note('log', 'log', text, { level });
  }
}
