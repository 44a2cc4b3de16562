import { decodeLatin1, InputError } from '../base/index.ts';

/** Bytes of a work area: one page, at a multiple of it, below 4 GiB (LoPAR 7.4.8, 7.4.9 and 13.5.3.5). */
export const WORK_AREA_SIZE = 4096;

/** A stretch of a work area and what it means, for hex views. The ranges of a description cover the area without gaps. */
export interface ByteRange {
  readonly offset: number;
  /** Bytes; 0 where something is missing that should stand here. */
  readonly length: number;
  /** What stands there: `deleted node`, `name of property`. */
  readonly meaning: string;
  /** What it says: `fffffff5`, `status`; empty where there is nothing to say. */
  readonly value: string;
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** A word, byte by byte: where it is one of a few, making a view costs more than reading it. Bytes that are missing count 0. */
export function wordAt(bytes: Uint8Array, offset: number): number {
  const high = ((bytes[offset] ?? 0) << 8) | (bytes[offset + 1] ?? 0);
  const low = ((bytes[offset + 2] ?? 0) << 8) | (bytes[offset + 3] ?? 0);
  return ((high << 16) | low) >>> 0;
}

/**
 * The bytes from one offset up to another as characters. The same few names come over the wire again and again, and one
 * is dear to build: those that were read last are kept.
 */
export function textAt(bytes: Uint8Array, from: number, to: number): string {
  if (to - from > MAX_CACHED_LENGTH) return decodeLatin1(bytes, from, to);
  let hash = 0;
  for (let at = from; at < to; at++) hash = (Math.imul(hash, 31) + (bytes[at] ?? 0)) | 0;
  const slot = hash & (CACHE_SIZE - 1);
  const known = textCache[slot];
  if (known !== undefined && isTextAt(bytes, from, to, known)) return known;
  const text = decodeLatin1(bytes, from, to);
  textCache[slot] = text;
  return text;
}

const CACHE_SIZE = 1024;
const MAX_CACHED_LENGTH = 256;
const textCache: (string | undefined)[] = new Array(CACHE_SIZE).fill(undefined);

function isTextAt(bytes: Uint8Array, from: number, to: number, text: string): boolean {
  if (text.length !== to - from) return false;
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) !== (bytes[from + at] ?? 0)) return false;
  return true;
}

/** Reads a work area from front to back; every step past its end is an `InputError` that names the offset. */
export class AreaReader {
  readonly bytes: Uint8Array;
  offset: number;
  /** @param bytes a whole work area or the front part that was filled, at most 4096 bytes */
  constructor(bytes: Uint8Array, offset = 0) {
    if (bytes.length > WORK_AREA_SIZE) {
      throw new InputError(`a work area has at most ${WORK_AREA_SIZE} bytes, not ${bytes.length}`, {
        offset: 0,
      });
    }
    this.bytes = bytes;
    this.offset = offset;
  }

  get remaining(): number {
    return this.bytes.length - this.offset;
  }

  word(meaning: string): number {
    this.#need(4, meaning);
    const word = wordAt(this.bytes, this.offset);
    this.offset += 4;
    return word;
  }

  /** A view, not a copy. */
  take(length: number, meaning: string): Uint8Array {
    this.#need(length, meaning);
    const taken = this.bytes.subarray(this.offset, this.offset + length);
    this.offset += length;
    return taken;
  }

  /** The characters up to a NUL, which is passed over. */
  text(meaning: string): string {
    const end = this.bytes.indexOf(0, this.offset);
    if (end < 0) throw this.error(`${meaning} has no end within the work area`);
    const text = textAt(this.bytes, this.offset, end);
    this.offset = end + 1;
    return text;
  }

  zeros(length: number, meaning: string): void {
    const at = this.offset;
    const bad = this.take(length, meaning).findIndex((byte) => byte !== 0);
    if (bad >= 0) throw this.error(`${meaning} must be zero`, at + bad);
  }

  error(message: string, offset = this.offset): InputError {
    return new InputError(message, { offset });
  }

  #need(length: number, meaning: string): void {
    if (length > this.remaining)
      throw this.error(`${meaning} of ${length} bytes does not fit: ${this.remaining} bytes are left`);
  }
}
