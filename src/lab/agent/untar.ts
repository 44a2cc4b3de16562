/**
 * The little of tar (pax(1), ustar; GNU's long names) that busybox writes for sysfs: folders, files, symbolic links. It comes
 * from our own guest, but may end anywhere when that guest is in trouble.
 */

export interface TarEntry {
  /** As it stands there, without a leading `./` or `/` and without a trailing `/`; Latin-1. */
  readonly path: string;
  readonly kind: 'file' | 'folder' | 'link';
  /** A file's bytes. */
  readonly data: Uint8Array;
  /** Where a link leads. */
  readonly target: string;
}

const BLOCK = 512;

/** @returns the entries, and the offset after the archive's end mark; `undefined` when the archive is cut short */
export function untar(bytes: Buffer): {
  readonly entries: readonly TarEntry[];
  readonly end: number | undefined;
} {
  const entries: TarEntry[] = [];
  let longName: string | undefined;
  let longTarget: string | undefined;
  let at = 0;
  while (at + BLOCK <= bytes.length) {
    const header = bytes.subarray(at, at + BLOCK);
    if (header.every((byte) => byte === 0)) return { entries, end: Math.min(at + 2 * BLOCK, bytes.length) };
    const size = Number.parseInt(text(header, 124, 12), 8);
    const start = at + BLOCK;
    if (!Number.isSafeInteger(size) || start + size > bytes.length) break;
    const data = bytes.subarray(start, start + size);
    at = start + Math.ceil(size / BLOCK) * BLOCK;
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
      entries.push({
        path,
        kind,
        data,
        target: kind === 'link' ? (longTarget ?? text(header, 157, 100)) : '',
      });
      longName = undefined;
      longTarget = undefined;
    }
  }
  return { entries, end: undefined };
}

/** A field of a header: up to its first NUL. */
function text(bytes: Uint8Array, offset: number, length: number): string {
  const field = Buffer.from(bytes.buffer, bytes.byteOffset + offset, length);
  const end = field.indexOf(0);
  return field.toString('latin1', 0, end < 0 ? length : end);
}
