export interface Slot {
  readonly name: string;
  deleted: boolean;
}

const NONE: readonly never[] = [];

/**
 * What a node has of a kind, in order, with the places of what was deleted: something that is deleted and later given
 * again comes back in its old place. A name that is given again means the first that bears it, deleted or not. (Both
 * as dtc 1.6.1 has it.)
 *
 * Every operation takes the same time however many there are, the time of all `clear`s together grows with what was
 * added and revived between them.
 */
export class Slots<T extends Slot> {
  readonly all: T[] = [];
  /** All that may be alive: the same list, until it was cleared. */
  #alive: T[] = this.all;
  #first: Map<string, T> | undefined;
  /** Those that bear the name of an earlier one, last first. */
  #further: Map<string, T[]> | undefined;

  /** The first of that name, deleted or not. */
  first(name: string): T | undefined {
    this.#first ??= this.#index();
    return this.#first.get(name);
  }

  /** The first of that name that is alive. */
  firstAlive(name: string): T | undefined {
    const first = this.first(name);
    if (first === undefined || !first.deleted) return first;
    const further = this.#further?.get(name);
    // Only the first of a name ever comes back.
    while (further?.at(-1)?.deleted) further.pop();
    return further?.at(-1);
  }

  /** In order; the list is the caller's. */
  allAlive(): T[] {
    return this.all.filter((item) => !item.deleted);
  }

  append(item: T): void {
    this.all.push(item);
    if (this.#alive !== this.all) this.#alive.push(item);
    if (this.#first !== undefined && !this.#first.has(item.name)) this.#first.set(item.name, item);
  }

  /** Tells that an item of these is alive again. */
  revived(item: T): void {
    if (this.#alive !== this.all) this.#alive.push(item);
  }

  /** Gives all that may be alive, for the caller to delete. */
  clear(): readonly T[] {
    const alive = this.#alive;
    this.#alive = [];
    return alive.length === 0 ? NONE : alive;
  }

  #index(): Map<string, T> {
    const first = new Map<string, T>();
    for (let index = this.all.length - 1; index >= 0; index -= 1) {
      const item = this.all[index];
      if (item === undefined) continue;
      const later = first.get(item.name);
      if (later !== undefined) {
        this.#further ??= new Map();
        const further = this.#further.get(item.name);
        if (further === undefined) this.#further.set(item.name, [later]);
        else further.push(later);
      }
      first.set(item.name, item);
    }
    return first;
  }
}
