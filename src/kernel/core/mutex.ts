import type { Flow, Waitable } from './flow.ts';
import type { Scheduler } from './scheduler.ts';
import type { Thread } from './thread.ts';

/** struct mutex. A thread that is killed while it holds one never unlocks it: the others wait for ever. */
export class Mutex implements Waitable {
  readonly what: string;
  #owner: Thread | undefined;

  constructor(what: string) {
    this.what = what;
  }

  get ready(): boolean {
    return this.#owner === undefined;
  }

  /** Takes the lock if it is free and no other thread runs; otherwise the caller must use `lock`. */
  tryLock(scheduler: Scheduler): boolean {
    if (scheduler.contended || this.#owner !== undefined) return false;
    this.#owner = scheduler.current;
    return true;
  }

  /** Allows a switch to another thread, then takes the lock when it is free. */
  *lock(scheduler: Scheduler): Flow<void> {
    if (!this.ready || scheduler.contended) yield this;
    scheduler.watcher?.write(this.what);
    this.#owner = scheduler.current;
  }

  unlock(scheduler: Scheduler): void {
    scheduler.watcher?.free(this.what);
    this.#owner = undefined;
  }
}
