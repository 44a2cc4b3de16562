/**
 * The clock of a guest's kernel log, computed on the host.
 *
 * A pause advances it by at most a second: QEMU's pseries machine advances the time base by that much when it resumes.
 */
export class GuestClock {
  readonly #atStart: number;
  readonly #start = performance.now();

  /**
   * Create it when the guest resumes.
   * @param uptime    the guest's clock when it was paused, seconds
   * @param stoppedAt the host's clock at that moment, milliseconds since the epoch
   */
  constructor(uptime: number, stoppedAt: number) {
    this.#atStart = uptime + Math.min(1, Math.max(0, (Date.now() - stoppedAt) / 1000));
  }

  /** Seconds since the guest booted. */
  now(): number {
    return this.#atStart + (performance.now() - this.#start) / 1000;
  }
}
