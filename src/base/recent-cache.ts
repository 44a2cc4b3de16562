import { isCaching } from './caching.ts';

/**
 * A cache of the values used most recently, found by comparison.
 * Thousands of runs of one scenario lead to few different trees, logs and verdicts; to compare one takes less time than
 * to make it again.
 */
export class RecentCache<T> {
  /** The most recently used one is last. */
  readonly #values: T[] = [];
  readonly #capacity: number;

  /** @param capacity how many values are kept */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /**
   * The cached value that matches, or a new one.
   * @param matches whether a cached value is the one that is needed
   * @param make    called if none matches
   */
  get(matches: (cached: T) => boolean, make: () => T): T {
    if (!isCaching()) return make();
    const at = this.#values.findLastIndex(matches);
    const found = at < 0 ? make() : (this.#values[at] as T);
    if (at >= 0) this.#values.splice(at, 1);
    else if (this.#values.length === this.#capacity) this.#values.shift();
    this.#values.push(found);
    return found;
  }
}
