import { type ByteRange, viewOf } from './work-area.ts';

/** Collects the ranges of a work area from front to back, and never runs past its end whatever the bytes say. */
export class RangeWriter {
  readonly ranges: ByteRange[] = [];
  readonly bytes: Uint8Array;
  readonly #view: DataView;
  offset = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.#view = viewOf(bytes);
  }

  get remaining(): number {
    return this.bytes.length - this.offset;
  }

  /** The next bytes, or as many of them as there are. */
  range(length: number, meaning: string, value = ''): void {
    const there = Math.min(length, this.remaining);
    const cut = there < length ? ` (${length} bytes, cut short)` : '';
    this.ranges.push({ offset: this.offset, length: there, meaning: meaning + cut, value });
    this.offset += there;
  }

  /** The next word, described by what it says; undefined, and the rest described as cut short, where there is none. */
  word(meaning: string, say: (word: number) => string): number | undefined {
    if (this.remaining < 4) {
      if (this.remaining > 0) this.range(4, meaning);
      return undefined;
    }
    const word = this.#view.getUint32(this.offset);
    this.range(4, meaning, say(word));
    return word;
  }

  /** What is left, if anything. */
  rest(meaning: string): ByteRange[] {
    if (this.remaining > 0) this.range(this.remaining, meaning);
    return this.ranges;
  }

  /** Something that should stand here and does not. */
  missing(meaning: string): void {
    this.ranges.push({ offset: this.offset, length: 0, meaning, value: '' });
  }
}
