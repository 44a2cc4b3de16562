/** Virtual time since boot. The model reads no real clock, so that runs repeat exactly. */
export class Clock {
  /** Whole microseconds. */
  micros = 0;

  get seconds(): number {
    return this.micros / 1e6;
  }
}
