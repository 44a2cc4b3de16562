import { availableParallelism, loadavg } from 'node:os';

const MAX_TIMER = 2 ** 31 - 1;

/**
 * Factor by which work takes longer because other processes use the host's CPUs; at least 1.
 * @param average number of running and runnable processes; default: average of the last minute
 */
export function hostLoad(average: number = loadavg()[0] ?? 0, cpus: number = availableParallelism()): number {
  return Math.max(1, average / cpus);
}

/**
 * A time limit for something that needs CPU time, such as an emulated guest. On a loaded host it is longer by the load, so that
 * slowness of the host is not mistaken for a failure.
 */
export class TimeLimit {
  readonly #milliseconds: number;
  readonly #onExpired: (elapsed: number) => void;
  readonly #load: () => number;
  #start = performance.now();
  #timer: NodeJS.Timeout;

  /**
   * Starts the time.
   * @param milliseconds limit on a host without other load
   * @param onExpired    called once, with the milliseconds since the time started
   * @param load         factor for the limit, evaluated when the time has elapsed
   */
  constructor(
    milliseconds: number,
    onExpired: (elapsed: number) => void,
    load: () => number = () => hostLoad(),
  ) {
    this.#milliseconds = milliseconds;
    this.#onExpired = onExpired;
    this.#load = load;
    this.#timer = this.#wait(milliseconds);
  }

  /** Starts the time again. */
  restart(): void {
    this.#start = performance.now();
  }

  /** Ends the time; it does not expire. */
  cancel(): void {
    clearTimeout(this.#timer);
  }

  #wait(milliseconds: number): NodeJS.Timeout {
    return setTimeout(() => this.#check(), Math.min(milliseconds, MAX_TIMER));
  }

  #check(): void {
    const elapsed = performance.now() - this.#start;
    const rest = this.#milliseconds * this.#load() - elapsed;
    // Timers may fire a fraction of a millisecond early.
    if (rest >= 1) this.#timer = this.#wait(rest);
    else this.#onExpired(elapsed);
  }
}
