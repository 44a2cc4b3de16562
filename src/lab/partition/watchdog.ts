/** The guest shows no sign of life any more, or it is beyond hope. */
export class GuestLost extends Error {
  /** `ETIMEDOUT` when it hangs, `EHOSTDOWN` when it is dead. */
  readonly errno: 'ETIMEDOUT' | 'EHOSTDOWN';

  constructor(errno: 'ETIMEDOUT' | 'EHOSTDOWN', why: string) {
    super(why);
    this.name = 'GuestLost';
    this.errno = errno;
  }
}

/**
 * Waits for a guest as long as it makes progress.
 *
 * How long a migration takes says nothing (a firmware may ask for delays again and again); that no call comes for some time
 * does. Lines on the console are no progress: a kernel that hangs complains of it again and again.
 */
export class ProgressWatchdog {
  readonly #milliseconds: number;
  readonly #waiting = new Set<(error: Error) => void>();
  #timer: NodeJS.Timeout | undefined;
  #over: Error | undefined;

  /** @param milliseconds without a sign of life after which the guest counts as hanging */
  constructor(milliseconds: number) {
    this.#milliseconds = milliseconds;
  }

  /** The guest gave a sign of life. */
  progress(): void {
    this.#timer?.refresh();
  }

  /** From now on nothing is to be expected: the guest is lost, or what answers it failed. */
  fail(error: Error): void {
    this.#over ??= error;
    for (const reject of this.#waiting) reject(this.#over);
  }

  /**
   * @param more milliseconds for which `work` may well go on without a call
   * @throws what it was given up with, when that is before `work` is done
   */
  async during<T>(work: () => Promise<T>, more = 0): Promise<T> {
    if (this.#over) throw this.#over;
    const limit = this.#milliseconds + more;
    const silence = `the guest hangs: no sign of life for ${limit / 1000} s`;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.fail(new GuestLost('ETIMEDOUT', silence)), limit);
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
        clearTimeout(this.#timer);
        this.#timer = undefined;
      }
    }
  }
}
