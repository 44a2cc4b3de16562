import { childrenOf, elementAt, type Layout } from '../layout.ts';

/** The counterpart of each node by number; -1 for none. The roots are a pair. */
export interface Pairing {
  readonly toAfter: Int32Array;
  readonly toBefore: Int32Array;
}

/** Two trees whose nodes are being paired. */
export class Pairs implements Pairing {
  readonly before: Layout;
  readonly after: Layout;
  readonly toAfter: Int32Array;
  readonly toBefore: Int32Array;

  constructor(before: Layout, after: Layout) {
    this.before = before;
    this.after = after;
    this.toAfter = new Int32Array(before.nodes.length).fill(-1);
    this.toBefore = new Int32Array(after.nodes.length).fill(-1);
    this.pair(0, 0);
  }

  pair(before: number, after: number): void {
    this.toAfter[before] = after;
    this.toBefore[after] = before;
  }

  /** The children of a node before without a counterpart. */
  freeBefore(parent: number): readonly number[] {
    return free(this.before, this.toAfter, parent);
  }

  /** The children of a node after without a counterpart. */
  freeAfter(parent: number): readonly number[] {
    return free(this.after, this.toBefore, parent);
  }
}

const NONE: readonly number[] = [];

function free(layout: Layout, counterparts: Int32Array, parent: number): readonly number[] {
  // Most nodes are leaves, and this is called several times for each.
  if (elementAt(layout.ends, parent) === parent + 1) return NONE;
  return childrenOf(layout, parent).filter((child) => elementAt(counterparts, child) < 0);
}

/** Queues of numbers by key. */
export class Queues<Key> {
  // Nearly all keys have one number, which needs no list.
  readonly #queues = new Map<Key, number | { readonly numbers: number[]; next: number }>();

  add(key: Key, number: number): void {
    const queue = this.#queues.get(key);
    if (queue === undefined) this.#queues.set(key, number);
    else if (typeof queue === 'number') this.#queues.set(key, { numbers: [queue, number], next: 0 });
    else queue.numbers.push(number);
  }

  /** Removes and returns the next number of a key for which `free` holds; earlier ones are removed, too. */
  take(key: Key, free: (number: number) => boolean): number | undefined {
    const queue = this.#queues.get(key);
    if (queue === undefined) return undefined;
    if (typeof queue === 'number') {
      this.#queues.delete(key);
      return free(queue) ? queue : undefined;
    }
    while (queue.next < queue.numbers.length) {
      const number = elementAt(queue.numbers, queue.next);
      queue.next += 1;
      if (free(number)) return number;
    }
    return undefined;
  }

  /** The number of a key, if there is exactly one. */
  only(key: Key): number | undefined {
    const queue = this.#queues.get(key);
    return typeof queue === 'number' ? queue : undefined;
  }
}
