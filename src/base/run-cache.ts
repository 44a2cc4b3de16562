import { isCaching } from './caching.ts';

/** A value that follows from an object alone, and how it is made. The object must not change afterwards. */
export interface Memo<Key extends object, Value> {
  /** Number of the memo in the process, from 0. */
  readonly id: number;
  /** Makes the value of a key. */
  readonly make: (key: Key) => Value;
}

let defined = 0;

/** Defines a memo, once for each kind of value, at module level. A `RunCache` holds the values. */
export function defineMemo<Key extends object, Value>(make: (key: Key) => Value): Memo<Key, Value> {
  return { id: defined++, make };
}

/**
 * What runs of the same scenario share: plans, encoded replies, the booted tree, verdicts. The caller that makes many runs
 * creates one and hands it to each of them. A run that gets none creates its own, which ends with it.
 *
 * An entry lives no longer than the object that it was made from, or than the cache. Entries that hold several values bound
 * their number themselves.
 *
 * ```ts
 * const cache = new RunCache();
 * for (const choices of runs) play(scenario, { chooser: replayChooser(choices), cache });
 * ```
 */
export class RunCache {
  readonly #values: (WeakMap<object, { readonly value: unknown }> | undefined)[] = [];

  /** The value of a memo for a key, made at the first request; at each one while caching is off, see `setCaching`. */
  get<Key extends object, Value>(memo: Memo<Key, Value>, key: Key): Value {
    if (!isCaching()) return memo.make(key);
    let values = this.#values[memo.id];
    if (values === undefined) {
      values = new WeakMap();
      this.#values[memo.id] = values;
    }
    let entry = values.get(key);
    if (entry === undefined) {
      entry = { value: memo.make(key) };
      values.set(key, entry);
    }
    // Ids are unique, so this memo made the value.
    return entry.value as Value;
  }
}
