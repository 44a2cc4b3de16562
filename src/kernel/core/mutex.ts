import type { Flow, Waitable } from './flow.ts';
import type { Scheduler } from './scheduler.ts';
import type { Thread } from './thread.ts';

/** A lock that one sleeps for. A thread that dies while it holds one takes it along: the others wait for ever. */
export class Mutex implements Waitable {
  readonly what: string;
  #owner: Thread | undefined;

  constructor(what: string) {
    this.what = what;
  }

  get ready(): boolean {
    return this.#owner === undefined;
  }

  /** Takes the lock at once where nobody could come in between; otherwise `lock` must be waited for. */
  tryLock(scheduler: Scheduler): boolean {
    if (scheduler.contended || this.#owner !== undefined) return false;
    this.#owner = scheduler.current;
    return true;
  }

  /** Lets others in, and goes on with the lock when it is free. */
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
