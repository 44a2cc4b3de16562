import { writeLatin1 } from '../../base/index.ts';
/**
 * A strings block as dtc builds it: names in order of first occurrence. A name that is in the block already, also as the end
 * of a longer name, is not added again. (A longer name that comes later is added completely.)
 *
 * dtc searches the whole block for each new name. Here the endings of all names are a trie, read backwards. The nodes of
 * the trie are the bytes of the block: a node is the ending that starts at its byte.
 */
export class Strings {
  #bytes = new Uint8Array(256);
  /** For each node, one more than its first child and one more than its next sibling; 0 for none. */
  #children = new Int32Array(256);
  #siblings = new Int32Array(256);
  /** One more than the first child of the trie's root, the empty ending. */
  #lastBytes = 0;
  #size = 0;
  readonly #offsets = new Map<string, number>();

  /** The block's bytes so far. */
  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#size);
  }

  /** Offset of a name that was added before. */
  known(name: string): number | undefined {
    return this.#offsets.get(name);
  }

  /** Offset of a name (Latin-1, without NUL); adds it if needed. */
  add(name: string): number {
    const offset = name === '' ? this.#firstNul() : this.#find(name);
    this.#offsets.set(name, offset);
    return offset;
  }

  #find(name: string): number {
    this.#reserve(name.length + 1);
    let parent = -1;
    let left = name.length;
    while (left > 0) {
      const child = this.#child(parent, name.charCodeAt(left - 1));
      if (child < 0) break;
      parent = child;
      left -= 1;
    }
    if (left === 0) return parent;
    const offset = this.#size;
    writeLatin1(this.#bytes, offset, name);
    for (; left > 0; left -= 1) {
      const node = offset + left - 1;
      this.#siblings[node] = this.#firstChild(parent);
      if (parent < 0) this.#lastBytes = node + 1;
      else this.#children[parent] = node + 1;
      parent = node;
    }
    this.#size += name.length + 1;
    return offset;
  }

  #firstChild(parent: number): number {
    return parent < 0 ? this.#lastBytes : (this.#children[parent] ?? 0);
  }

  #child(parent: number, code: number): number {
    let node = this.#firstChild(parent) - 1;
    while (node >= 0 && this.#bytes[node] !== code) node = (this.#siblings[node] ?? 0) - 1;
    return node;
  }

  /** Offset of the empty name: the NUL of the first name, or one of its own. */
  #firstNul(): number {
    if (this.#size === 0) this.#size = 1;
    return this.#bytes.indexOf(0);
  }

  #reserve(more: number): void {
    if (this.#size + more <= this.#bytes.length) return;
    const length = Math.max(this.#bytes.length * 2, this.#size + more);
    this.#bytes = enlarged(this.#bytes, new Uint8Array(length));
    this.#children = enlarged(this.#children, new Int32Array(length));
    this.#siblings = enlarged(this.#siblings, new Int32Array(length));
  }
}

function enlarged<T extends Uint8Array | Int32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
