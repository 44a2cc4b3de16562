import type { PageBytes } from '../../src/report/page/document.ts';

/** A row of a hex dump. */
export interface HexRow {
  readonly offset: number;
  readonly pieces: readonly HexPiece[];
}

/** The bytes of one range in one row. */
export interface HexPiece {
  readonly at: number;
  /** Index of the range; -1 for bytes outside all ranges. */
  readonly range: number;
  /** `00 1f`. */
  readonly text: string;
}

const ROW_BYTES = 16;

/**
 * Bytes in rows of 16, split where the range changes.
 * @returns the rows, and the number of zeros at the end that they omit
 */
export function hexRows({ size, hex, ranges }: PageBytes): {
  readonly rows: HexRow[];
  readonly omitted: number;
} {
  const owner = new Int32Array(size).fill(-1);
  for (const [index, { offset, length }] of ranges.entries()) owner.fill(index, offset, offset + length);
  const end = endOf(size, hex.length / 2, ranges);
  const rows: HexRow[] = [];
  for (let offset = 0; offset < end; offset += ROW_BYTES) {
    const pieces: HexPiece[] = [];
    for (let at = offset; at < Math.min(end, offset + ROW_BYTES); ) {
      const range = owner[at] ?? -1;
      const bytes: string[] = [];
      const start = at;
      while (at < Math.min(end, offset + ROW_BYTES) && owner[at] === range) {
        bytes.push(hex.slice(2 * at, 2 * at + 2) || '00');
        at += 1;
      }
      pieces.push({ at: start, range, text: bytes.join(' ') });
    }
    rows.push({ offset, pieces });
  }
  return { rows, omitted: size - end };
}

/** Ranges that are shown to their end, in bytes; longer ranges are often padding. */
const MAX_SHOWN_RANGE = 64;

/** The end of the rows: of the last byte that is not zero, or of a range of limited length. */
function endOf(size: number, filled: number, ranges: PageBytes['ranges']): number {
  const ends = ranges
    .filter(({ length }) => length <= MAX_SHOWN_RANGE)
    .map(({ offset, length }) => offset + length);
  return Math.min(size, Math.max(filled, ...ends));
}
