import type { Release } from '../../partition/index.ts';
import type { Clock } from './clock.ts';
import type { Events } from './events.ts';
import type { Ledger } from './ledger.ts';
import type { KernelLog } from './log.ts';
import type { RefcountSite } from './refcount.ts';
import type { Scheduler } from './scheduler.ts';
import type { StepWatcher } from './watch.ts';

/** The part of a kernel that every layer uses. Each layer above extends it with its own state. */
export interface CoreKernel {
  readonly release: Release;
  readonly clock: Clock;
  readonly events: Events;
  readonly log: KernelLog;
  readonly ledger: Ledger;
  readonly scheduler: Scheduler;
  /** Absent unless a search asked for one, and during boot. */
  readonly watcher: StepWatcher | undefined;
  /** WARN_ONCE sites that have warned. */
  readonly warnedOnce: Set<RefcountSite>;
  /** Number of oopses since boot; each prints it as `[#1]`. */
  oopses: number;
}
