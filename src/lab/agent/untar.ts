/**
 * Reads the part of tar (pax(1), ustar; GNU's long names) that busybox writes for sysfs: folders, files, symbolic links.
 *
 * The archive comes from a guest that may be failing, so it may be damaged or end anywhere: reading stops at the first header
 * that is invalid or whose data is incomplete.
 */

/** A member of an archive. */
export interface TarEntry {
  /** Without a leading `./` or `/` and without a trailing `/`; Latin-1: one character is one byte. */
  readonly path: string;
  readonly kind: 'file' | 'folder' | 'link';
  /** A file's bytes, a view of the archive. */
  readonly data: Uint8Array;
  /** A link's target, Latin-1; empty for other kinds. */
  readonly target: string;
}

const BLOCK_SIZE = 512;

/**
 * @param bytes an archive, and what follows it
 * @returns the entries that are whole, and the offset after the archive's end mark; `undefined` when there is no end mark
 */
export function untar(bytes: Buffer): {
  readonly entries: readonly TarEntry[];
  readonly end: number | undefined;
} {
  const entries: TarEntry[] = [];
  let longName: string | undefined;
  let longTarget: string | undefined;
  let at = 0;
  while (at + BLOCK_SIZE <= bytes.length) {
    const header = bytes.subarray(at, at + BLOCK_SIZE);
    // Two empty blocks end an archive; the second may be missing.
    if (header.every((byte) => byte === 0))
      return { entries, end: Math.min(at + 2 * BLOCK_SIZE, bytes.length) };
    const size = octal(header, 124, 12);
    const start = at + BLOCK_SIZE;
    if (size === undefined || start + size > bytes.length) break;
    const data = bytes.subarray(start, start + size);
    at = start + Math.ceil(size / BLOCK_SIZE) * BLOCK_SIZE;
    const type = text(header, 156, 1);
    if (type === 'L') longName = text(data, 0, size);
    else if (type === 'K') longTarget = text(data, 0, size);
    else {
      const prefix = text(header, 345, 155);
      const name = longName ?? (prefix === '' ? text(header, 0, 100) : `${prefix}/${text(header, 0, 100)}`);
      const kind = type === '5' ? 'folder' : type === '2' ? 'link' : 'file';
      const path = name
        .replace(/^(?:\.?\/)+/, '')
        .replace(/^\.$/, '')
        .replace(/\/+$/, '');
      const target = kind === 'link' ? (longTarget ?? text(header, 157, 100)) : '';
      entries.push({ path, kind, data, target });
      longName = undefined;
      longTarget = undefined;
    }
  }
  return { entries, end: undefined };
}

/** A field of octal digits between blanks. A sign or anything else is invalid: a negative size would never let reading end. */
function octal(header: Buffer, offset: number, length: number): number | undefined {
  const digits = /^ *([0-7]+) *$/.exec(text(header, offset, length))?.[1];
  return digits === undefined ? undefined : Number.parseInt(digits, 8);
}

/** A text field: up to its first NUL. Latin-1. */
function text(bytes: Uint8Array, offset: number, length: number): string {
  const field = Buffer.from(bytes.buffer, bytes.byteOffset + offset, length);
  const end = field.indexOf(0);
  return field.toString('latin1', 0, end < 0 ? length : end);
}
