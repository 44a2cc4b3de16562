import { decodeLatin1 } from '../../base/index.ts';
import { MAX_NAME_LENGTH } from './format.ts';
import type { Block } from './header.ts';

/**
 * Names of properties by offset in the strings block. An offset may be inside another name, because names share endings.
 */
export class Names {
  readonly #bytes: Uint8Array;
  readonly #start: number;
  /** For each byte of the block the distance to the next NUL, at most MAX_NAME_LENGTH + 1. */
  readonly #lengths: Uint16Array;
  /** For each byte of the block one more than the index of its text, so each name is one string. */
  readonly #indices: Int32Array;
  readonly #texts: string[] = [];

  constructor(bytes: Uint8Array, block: Block) {
    this.#bytes = bytes;
    this.#start = block.offset;
    this.#lengths = new Uint16Array(block.size);
    this.#indices = new Int32Array(block.size);
    let length = MAX_NAME_LENGTH + 1;
    for (let offset = block.size - 1; offset >= 0; offset -= 1) {
      if (bytes[block.offset + offset] === 0) length = 0;
      this.#lengths[offset] = length;
      if (length <= MAX_NAME_LENGTH) length += 1;
    }
  }

  /** Whether a name of valid length starts at an offset. */
  has(offset: number): boolean {
    return (this.#lengths[offset] ?? MAX_NAME_LENGTH + 1) <= MAX_NAME_LENGTH;
  }

  /** The name at an offset for which `has` is true. */
  at(offset: number): string {
    const index = this.#indices[offset] ?? 0;
    if (index > 0) return this.#texts[index - 1] ?? '';
    const from = this.#start + offset;
    const text = decodeLatin1(this.#bytes, from, from + (this.#lengths[offset] ?? 0));
    this.#indices[offset] = this.#texts.push(text);
    return text;
  }
}
