import { decodeLatin1, InputError, isCaching } from '../base/index.ts';

/** Bytes of a work area: one page, at a multiple of it, below 4 GiB (LoPAR 7.4.8, 7.4.9 and 13.5.3.5). */
export const WORK_AREA_SIZE = 4096;

/** A part of a work area and its meaning, for hex views. The ranges of a description cover the area without gaps. */
export interface ByteRange {
  /** From the start of the area. */
  readonly offset: number;
  /** Bytes; 0 for something that is missing here. */
  readonly length: number;
  /** `deleted node`, `name of property`. */
  readonly meaning: string;
  /** The value as text: `fffffff5`, `status`; empty if there is nothing to show. */
  readonly value: string;
}

/** A view of exactly these bytes. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** The big-endian word at an offset; missing bytes are 0. For a few words this is faster than a DataView. */
export function wordAt(bytes: Uint8Array, offset: number): number {
  const high = ((bytes[offset] ?? 0) << 8) | (bytes[offset + 1] ?? 0);
  const low = ((bytes[offset + 2] ?? 0) << 8) | (bytes[offset + 3] ?? 0);
  return ((high << 16) | low) >>> 0;
}

/**
 * The bytes from one offset up to another as text (Latin-1). The same few names occur in thousands of replies and a new
 * string is slow to build, so a cache by hash holds one text in each of its slots.
 */
export function textAt(bytes: Uint8Array, from: number, to: number): string {
  if (to - from > MAX_CACHED_LENGTH || !isCaching()) return decodeLatin1(bytes, from, to);
  let hash = 0;
  for (let at = from; at < to; at++) hash = (Math.imul(hash, 31) + (bytes[at] ?? 0)) | 0;
  const slot = hash & (CACHE_SIZE - 1);
  const cached = textCache[slot];
  if (cached !== undefined && isTextAt(bytes, from, to, cached)) return cached;
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

/** Reads a work area from start to end; a step past the end is an `InputError` with the offset. */
export class AreaReader {
  readonly bytes: Uint8Array;
  offset: number;
  /**
   * @param bytes a whole work area or its filled first part, at most 4096 bytes
   * @throws InputError for more bytes
   */
  constructor(bytes: Uint8Array, offset = 0) {
    if (bytes.length > WORK_AREA_SIZE) {
      throw new InputError(`a work area has at most ${WORK_AREA_SIZE} bytes, not ${bytes.length}`, {
        offset: 0,
      });
    }
    this.bytes = bytes;
    this.offset = offset;
  }

  /** Bytes up to the end. */
  get remaining(): number {
    return this.bytes.length - this.offset;
  }

  /** The next word, big-endian. */
  word(meaning: string): number {
    this.#need(4, meaning);
    const word = wordAt(this.bytes, this.offset);
    this.offset += 4;
    return word;
  }

  /** The next bytes, as a view. */
  take(length: number, meaning: string): Uint8Array {
    this.#need(length, meaning);
    const part = this.bytes.subarray(this.offset, this.offset + length);
    this.offset += length;
    return part;
  }

  /** The text up to a NUL, which is skipped. */
  text(meaning: string): string {
    const end = this.bytes.indexOf(0, this.offset);
    if (end < 0) throw this.error(`${meaning} has no end within the work area`);
    const text = textAt(this.bytes, this.offset, end);
    this.offset = end + 1;
    return text;
  }

  /** Skips bytes that must be zero. */
  zeros(length: number, meaning: string): void {
    const at = this.offset;
    const bad = this.take(length, meaning).findIndex((byte) => byte !== 0);
    if (bad >= 0) throw this.error(`${meaning} must be zero`, at + bad);
  }

  /** An error at an offset. */
  error(message: string, offset = this.offset): InputError {
    return new InputError(message, { offset });
  }

  #need(length: number, meaning: string): void {
    if (length > this.remaining)
      throw this.error(`${meaning} of ${length} bytes does not fit: ${this.remaining} bytes remain`);
  }
}
