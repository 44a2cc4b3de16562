import { type ByteRange, viewOf } from './work-area.ts';

/** Collects the ranges of a work area from start to end; never passes the end, whatever the bytes are. */
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

  /** Adds the next bytes, or the remaining ones if there are fewer. */
  range(length: number, meaning: string, value = ''): void {
    const available = Math.min(length, this.remaining);
    const cut = available < length ? ` (${length} bytes, cut short)` : '';
    this.ranges.push({ offset: this.offset, length: available, meaning: meaning + cut, value });
    this.offset += available;
  }

  /**
   * Adds the next word.
   * @param format its value as text
   * @returns undefined if fewer than four bytes remain; these are described as cut short
   */
  word(meaning: string, format: (word: number) => string): number | undefined {
    if (this.remaining < 4) {
      if (this.remaining > 0) this.range(4, meaning);
      return undefined;
    }
    const word = this.#view.getUint32(this.offset);
    this.range(4, meaning, format(word));
    return word;
  }

  /** Adds the remaining bytes, if any, and returns all ranges. */
  rest(meaning: string): ByteRange[] {
    if (this.remaining > 0) this.range(this.remaining, meaning);
    return this.ranges;
  }

  /** Adds an empty range for something that is missing here. */
  missing(meaning: string): void {
    this.ranges.push({ offset: this.offset, length: 0, meaning, value: '' });
  }
}
