export interface Slot {
  readonly name: string;
  deleted: boolean;
}

const NONE: readonly never[] = [];

/**
 * The properties or the children of a node, in order, including deleted ones: an item that is defined again after its
 * deletion gets its old position. A name means the first item of that name, deleted or not. (Both as in dtc 1.6.1.)
 *
 * Every operation takes constant time. The time of all calls of `clear` together is proportional to the number of items
 * added and restored between them.
 */
export class Slots<T extends Slot> {
  readonly all: T[] = [];
  /** The items that may not be deleted: the same list until the first `clear`. */
  #alive: T[] = this.all;
  #first: Map<string, T> | undefined;
  /** Items with the name of an earlier one, last first. */
  #further: Map<string, T[]> | undefined;

  /** The first item of a name, deleted or not. */
  first(name: string): T | undefined {
    this.#first ??= this.#index();
    return this.#first.get(name);
  }

  /** The first item of a name that is not deleted. */
  firstAlive(name: string): T | undefined {
    const first = this.first(name);
    if (first === undefined || !first.deleted) return first;
    const further = this.#further?.get(name);
    // Only the first item of a name can be restored.
    while (further?.at(-1)?.deleted) further.pop();
    return further?.at(-1);
  }

  /** The items that are not deleted, in order, as a new list. */
  allAlive(): T[] {
    return this.all.filter((item) => !item.deleted);
  }

  append(item: T): void {
    this.all.push(item);
    if (this.#alive !== this.all) this.#alive.push(item);
    if (this.#first !== undefined && !this.#first.has(item.name)) this.#first.set(item.name, item);
  }

  /** Call when an item is no longer deleted. */
  revived(item: T): void {
    if (this.#alive !== this.all) this.#alive.push(item);
  }

  /** Returns all items that may not be deleted, so that the caller deletes them. */
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
