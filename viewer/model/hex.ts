import type { PageBytes } from '../../src/report/page/document.ts';

export interface HexRow {
  readonly offset: number;
  readonly pieces: readonly HexPiece[];
}

/** Bytes of one range within one row. */
export interface HexPiece {
  readonly at: number;
  /** Index of the range; -1 for bytes that none tells of. */
  readonly range: number;
  /** `00 1f`. */
  readonly text: string;
}

const ROW_BYTES = 16;

/** Bytes in rows of sixteen, cut where the meaning changes; what is left are zeros at the end. */
export function hexRows({ size, hex, ranges }: PageBytes): {
  readonly rows: HexRow[];
  readonly left: number;
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
  return { rows, left: size - end };
}

/** Up to the end of what is not zero, and of the range that begins there; a long range of zeros at the end is left out. */
function endOf(size: number, filled: number, ranges: PageBytes['ranges']): number {
  const short = ranges.filter(({ length }) => length <= 64).map(({ offset, length }) => offset + length);
  return Math.min(size, Math.max(filled, ...short));
}
