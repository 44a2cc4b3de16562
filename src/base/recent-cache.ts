/**
 * What came up lately, as many as are kept: thousands of runs of one scenario come to one of a few trees, logs and
 * verdicts, and to recognise one costs less than to make it anew.
 */
export class RecentCache<T> {
  /** The one that came up last stands last. */
  readonly #kept: T[] = [];
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  /** The one that this is, or a new one. */
  get(isIt: (kept: T) => boolean, make: () => T): T {
    const at = this.#kept.findLastIndex(isIt);
    const found = at < 0 ? make() : (this.#kept[at] as T);
    if (at >= 0) this.#kept.splice(at, 1);
    else if (this.#kept.length === this.#most) this.#kept.shift();
    this.#kept.push(found);
    return found;
  }
}
