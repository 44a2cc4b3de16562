import { InputError, writeLatin1 } from '../../base/index.ts';
import { align, BEGIN_NODE, END, END_NODE, PROP } from './format.ts';
import { Strings } from './strings.ts';

/** Up to this many bytes a loop is faster than `Uint8Array.set`. */
const SHORT = 48;

/** Bytes of the largest possible blob: its size is a 32-bit number. */
const MAX_SIZE = 0xffffffff;

/** Writes the tokens of a structure block, one after another, and collects its strings block. */
export class Emitter {
  readonly strings = new Strings();
  #bytes: Uint8Array;
  #view: DataView;
  #at: number;

  /**
   * @param start    offset of the structure block, a multiple of 4
   * @param capacity initial bytes of the buffer
   */
  constructor(start: number, capacity: number) {
    this.#bytes = new Uint8Array(start + capacity);
    this.#view = new DataView(this.#bytes.buffer);
    this.#at = start;
  }

  /** Begins a node; `from` has the bytes of its name. */
  begin(from: Uint8Array, at: number, end: number): void {
    this.#reserve(end - at + 8);
    this.#word(BEGIN_NODE);
    this.#copy(from, at, end);
    this.#at = align(this.#at + 1, 4);
  }

  /** Begins a node; its name is Latin-1 without NUL. */
  beginNamed(name: string): void {
    this.#reserve(name.length + 8);
    this.#word(BEGIN_NODE);
    writeLatin1(this.#bytes, this.#at, name);
    this.#at = align(this.#at + name.length + 1, 4);
  }

  /** Adds a property; `name` is an offset in `strings`, `from` has the bytes of its value. */
  property(name: number, from: Uint8Array, at: number, end: number): void {
    this.#reserve(end - at + 16);
    this.#word(PROP);
    this.#word(end - at);
    this.#word(name);
    this.#copy(from, at, end);
    this.#at = align(this.#at, 4);
  }

  /** Ends a node. */
  end(): void {
    this.#reserve(4);
    this.#word(END_NODE);
  }

  /**
   * Ends the structure block and appends the strings block. The result has `padded(size)` bytes; `size` is the size of header,
   * structure and strings.
   */
  finish(padded: (size: number) => number): { bytes: Uint8Array; structureEnd: number; stringsEnd: number } {
    const strings = this.strings.bytes;
    this.#reserve(strings.length + 4);
    this.#word(END);
    const structureEnd = this.#at;
    this.#bytes.set(strings, structureEnd);
    const stringsEnd = structureEnd + strings.length;
    const length = padded(stringsEnd);
    if (length > MAX_SIZE) throw tooLarge();
    if (length === this.#bytes.length) return { bytes: this.#bytes, structureEnd, stringsEnd };
    const bytes = new Uint8Array(length);
    bytes.set(this.#bytes.subarray(0, stringsEnd));
    return { bytes, structureEnd, stringsEnd };
  }

  #word(word: number): void {
    this.#view.setUint32(this.#at, word);
    this.#at += 4;
  }

  #copy(from: Uint8Array, at: number, end: number): void {
    if (end - at > SHORT) this.#bytes.set(from.subarray(at, end), this.#at);
    else for (let index = at; index < end; index += 1) this.#bytes[this.#at + index - at] = from[index] ?? 0;
    this.#at += end - at;
  }

  #reserve(more: number): void {
    const needed = this.#at + more;
    if (needed <= this.#bytes.length) return;
    if (needed > MAX_SIZE) throw tooLarge();
    const bytes = new Uint8Array(Math.min(MAX_SIZE, Math.max(needed, this.#bytes.length * 2)));
    bytes.set(this.#bytes.subarray(0, this.#at));
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer);
  }
}

function tooLarge(): InputError {
  return new InputError('the tree is too large for a blob: its size must fit 32 bits');
}
