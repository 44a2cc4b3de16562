import { TimeLimit } from '../setup/time-limit.ts';

/** The guest hangs or is dead. */
export class GuestLost extends Error {
  /** `ETIMEDOUT` when it hangs, `EHOSTDOWN` when it is dead. */
  readonly errno: 'ETIMEDOUT' | 'EHOSTDOWN';

  constructor(errno: 'ETIMEDOUT' | 'EHOSTDOWN', message: string) {
    super(message);
    this.name = 'GuestLost';
    this.errno = errno;
  }
}

/**
 * Limits the time that a guest may run without progress.
 *
 * Progress is an answered RTAS or hypervisor call. The total time of a migration is not limited, because firmware may request
 * delays repeatedly. Console output is not progress, because a hanging kernel may print warnings forever.
 */
export class ProgressWatchdog {
  readonly #milliseconds: number;
  readonly #waiting = new Set<(error: Error) => void>();
  readonly #load: (() => number) | undefined;
  #limit: TimeLimit | undefined;
  #failure: Error | undefined;

  /**
   * @param milliseconds without progress after which the guest counts as hanging, on a host without other load
   * @param load         see `TimeLimit`
   */
  constructor(milliseconds: number, load?: () => number) {
    this.#milliseconds = milliseconds;
    this.#load = load;
  }

  /** Reports progress: the time starts again. */
  progress(): void {
    this.#limit?.restart();
  }

  /** Ends all waiting with an error, now and later: the guest is lost, or its firmware failed. The first error counts. */
  fail(error: Error): void {
    this.#failure ??= error;
    for (const reject of this.#waiting) reject(this.#failure);
  }

  /**
   * Waits for `work`. The time starts again with each call.
   * @param extra milliseconds without progress that are expected of `work`, in addition to the limit
   * @throws GuestLost when the limit is exceeded, or the error of `fail`
   */
  async during<T>(work: () => Promise<T>, extra = 0): Promise<T> {
    if (this.#failure) throw this.#failure;
    this.#limit?.cancel();
    this.#limit = new TimeLimit(
      this.#milliseconds + extra,
      (elapsed) => {
        const seconds = Math.round(elapsed / 1000);
        this.fail(new GuestLost('ETIMEDOUT', `the guest hangs: no progress for ${seconds} s`));
      },
      this.#load,
    );
    let reject: (error: Error) => void = () => {};
    const over = new Promise<never>((_, failed) => {
      reject = failed;
    });
    this.#waiting.add(reject);
    try {
      return await Promise.race([work(), over]);
    } finally {
      this.#waiting.delete(reject);
      if (this.#waiting.size === 0) {
        this.#limit?.cancel();
        this.#limit = undefined;
      }
    }
  }
}
