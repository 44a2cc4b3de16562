import { type Header, readHeader } from './header.ts';
import { Names } from './names.ts';

/** A blob whose header is checked, ready to be scanned. */
export interface Blob {
  readonly bytes: Uint8Array;
  readonly header: Header;
  readonly names: Names;
}

export function openBlob(given: Uint8Array): Blob {
  // Parts of a Node Buffer are Buffers, which are slower to make and differ from plain arrays in `slice`.
  const bytes = new Uint8Array(given.buffer, given.byteOffset, given.byteLength);
  const header = readHeader(bytes);
  return { bytes, header, names: new Names(bytes, header.strings) };
}
