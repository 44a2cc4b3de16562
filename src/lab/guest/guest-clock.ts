/**
 * The clock of a guest's kernel log, reckoned on the host.
 *
 * It goes on while the guest stands still, as the machine (QEMU's pseries) sets its time base forward when it goes on, by at
 * most a second for each stop.
 */
export class GuestClock {
  readonly #atStart: number;
  readonly #start = performance.now();

  /**
   * To be made when the guest goes on.
   * @param uptime    what its clock said when it was stopped, seconds
   * @param stoppedAt when that was, ms since the epoch
   */
  constructor(uptime: number, stoppedAt: number) {
    this.#atStart = uptime + Math.min(1, Math.max(0, (Date.now() - stoppedAt) / 1000));
  }

  /** Seconds since the guest's boot. */
  now(): number {
    return this.#atStart + (performance.now() - this.#start) / 1000;
  }
}
