import { isCaching } from './caching.ts';

/**
 * Values that follow from a string alone, such as a path and its parts. One table serves the whole process: to hand one
 * down to every place that names a node would cost more than the table saves. It is emptied when it is full.
 */
export class StringTable<Value> {
  readonly #values = new Map<string, Value>();
  readonly #make: (text: string) => Value;
  readonly #maxEntries: number;

  constructor(make: (text: string) => Value, maxEntries: number) {
    this.#make = make;
    this.#maxEntries = maxEntries;
  }

  /** The value for a string, made at the first request; at each one while caching is off, see `setCaching`. */
  get(text: string): Value {
    if (!isCaching()) return this.#make(text);
    let value = this.#values.get(text);
    if (value === undefined) {
      if (this.#values.size === this.#maxEntries) this.#values.clear();
      value = this.#make(text);
      this.#values.set(text, value);
    }
    return value;
  }
}
