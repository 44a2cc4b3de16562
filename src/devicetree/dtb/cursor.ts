import { decodeLatin1, hex32, InputError } from '../../base/index.ts';
import type { Blob } from './blob.ts';
import { align, BEGIN_NODE, END, END_NODE, FIRST_WITH_PLAIN_NAMES, NOP, PROP } from './format.ts';
import type { Names } from './names.ts';

const SLASH = 0x2f;

/** Levels of a path in an error message; a malicious blob may have a million. */
const MAX_SHOWN_DEPTH = 64;

/**
 * Reads a structure block once, token by token, and checks it completely. All readers of blobs use a cursor, so the checks
 * are in one place. Its memory is two numbers for each level of depth.
 *
 * Alignment counts from the start of the structure block, as in dtc and libfdt.
 */
export class Cursor {
  /** Byte offsets in the blob: after BEGIN_NODE of the node's name, after PROP of the property's value. */
  from = 0;
  to = 0;
  /** After PROP: offset of its name in the strings block. */
  name = 0;
  /** Offset of the next token; after END, the end of the structure block. */
  position: number;
  /**
   * Whether a property came after a subnode of its node so far. The specification forbids this (§5.4.2), dtc reads it.
   */
  interleaved = false;

  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #names: Names;
  readonly #start: number;
  readonly #limit: number;
  readonly #plainNames: boolean;
  /** Start and end of the name (before version 16: of the path) of each open node. */
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];
  /** The last token; NOP before the first one. */
  #previous = NOP;

  constructor({ bytes, header, names }: Blob) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#names = names;
    this.#start = header.structure.offset;
    this.#limit = this.#start + header.structure.size;
    this.#plainNames = header.version >= FIRST_WITH_PLAIN_NAMES;
    this.position = this.#start;
  }

  /**
   * Reads the next token: BEGIN_NODE, PROP, END_NODE or END, never NOP.
   * @throws InputError with offset and path if the block is malformed
   */
  next(): number {
    let at = this.position;
    let tag = NOP;
    for (; tag === NOP; at += 4) {
      if (at + 4 > this.#limit)
        throw this.#error('structure block ends before its END token', Math.min(at, this.#limit));
      tag = this.#view.getUint32(at);
    }
    if (tag === PROP) this.#property(at);
    else if (tag === BEGIN_NODE) this.#begin(at);
    else if (tag === END_NODE) this.#end(at);
    else if (tag === END) this.#finish(at);
    else throw this.#error(`no such token: 0x${hex32(tag)}`, at - 4);
    this.#previous = tag;
    return tag;
  }

  // `at` is the offset after a token; the token itself is four bytes before it.

  #property(at: number): void {
    if (this.#starts.length === 0) throw this.#error('property outside of a node', at - 4);
    if (at + 8 > this.#limit) throw this.#error('structure block ends within a property', this.#limit);
    const size = this.#view.getUint32(at);
    const name = this.#view.getUint32(at + 4);
    if (!this.#names.has(name)) throw this.#error(`strings block has no name at ${name}`, at + 4);
    let from = at + 8;
    if (!this.#plainNames && size >= 8) from = this.#start + align(from - this.#start, 8);
    const to = from + size;
    if (to > this.#limit) {
      throw this.#error(`value of ${this.#names.at(name)}, ${size} bytes, ends past the structure block`, at);
    }
    if (this.#previous === END_NODE) this.interleaved = true;
    this.name = name;
    this.from = from;
    this.to = to;
    this.position = this.#start + align(to - this.#start, 4);
  }

  #begin(at: number): void {
    if (this.#starts.length === 0 && this.#previous !== NOP) throw this.#error('second root node', at - 4);
    let to = at;
    while (to < this.#limit && this.#bytes[to] !== 0) to += 1;
    if (to >= this.#limit) throw this.#error('structure block ends within the name of a node', at);
    this.from = this.#plainNames ? at : this.#leaf(at, to);
    this.to = to;
    this.#starts.push(at);
    this.#ends.push(to);
    this.position = this.#start + align(to + 1 - this.#start, 4);
  }

  #end(at: number): void {
    if (this.#starts.length === 0) throw this.#error('end of a node that did not begin', at - 4);
    this.#starts.pop();
    this.#ends.pop();
    this.position = at;
  }

  #finish(at: number): void {
    if (this.#starts.length > 0) throw this.#error('END token within a node', at - 4);
    if (this.#previous === NOP) throw this.#error('no root node', at - 4);
    this.position = at;
  }

  /**
   * Before version 16, a node has its full path instead of its name: the parent's path, a slash and the name. Returns the
   * offset of the name.
   */
  #leaf(at: number, to: number): number {
    const bytes = this.#bytes;
    const parent = this.#starts.at(-1);
    // The root's path is a slash, which is not repeated.
    const length = parent === undefined || this.#starts.length === 1 ? 0 : (this.#ends.at(-1) ?? 0) - parent;
    const from = at + length + 1;
    let below = from <= to && bytes[from - 1] === SLASH && (from === to) === (parent === undefined);
    for (let index = 0; below && index < length; index += 1)
      below = bytes[at + index] === bytes[(parent ?? 0) + index];
    for (let index = from; below && index < to; index += 1) below = bytes[index] !== SLASH;
    if (!below) throw this.#error(`path ${decodeLatin1(bytes, at, to)} is not below its parent`, at);
    return from;
  }

  #error(message: string, offset: number): InputError {
    return new InputError(message, { offset, path: this.#path() });
  }

  #path(): string {
    const name = (depth: number) =>
      decodeLatin1(this.#bytes, this.#starts[depth] ?? 0, this.#ends[depth] ?? 0);
    const depth = this.#starts.length;
    if (!this.#plainNames) return name(depth - 1) || '/';
    if (depth < 2) return '/';
    const names = Array.from({ length: Math.min(depth, MAX_SHOWN_DEPTH) }, (_, index) => name(index));
    return `${names.join('/')}${depth > MAX_SHOWN_DEPTH ? '/…' : ''}`;
  }
}
