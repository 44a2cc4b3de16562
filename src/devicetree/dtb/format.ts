/**
 * The flattened device tree ("DTB"): constants of the format.
 *
 * A header, then three blocks in any order: the memory reservations, the structure (a stream of tokens) and the
 * strings (names of properties, each ended by NUL). All numbers are big-endian.
 *
 * Source: Devicetree Specification v0.4, chapter 5; for versions 1 to 3 also Linux's booting-without-of.txt, v2.6.39.
 */

export const MAGIC = 0xd00dfeed;

/**
 * Whether bytes start with the magic number of a flattened tree.
 * @param head the first four bytes, or more
 */
export function isDtb(head: Uint8Array): boolean {
  return head.length >= 4 && new DataView(head.buffer, head.byteOffset).getUint32(FIELD.magic) === MAGIC;
}

export const BEGIN_NODE = 1;
export const END_NODE = 2;
export const PROP = 3;
export const NOP = 4;
export const END = 9;

/** Byte offsets of the header's 32-bit fields. */
export const FIELD = {
  magic: 0,
  totalSize: 4,
  structure: 8,
  strings: 12,
  reservations: 16,
  version: 20,
  lastCompatibleVersion: 24,
  /** Since version 2. */
  bootCpu: 28,
  /** Since version 3. */
  stringsSize: 32,
  /** Since version 17. */
  structureSize: 36,
} as const;

/** Bytes of one entry of the reservation block: address and size, 64 bits each. */
export const RESERVATION_SIZE = 16;

/** Bytes of the header, per version; versions in between never existed. */
export const HEADER_SIZES: ReadonlyMap<number, number> = new Map([
  [1, 28],
  [2, 32],
  [3, 36],
  [16, 36],
  [17, 40],
]);

/** The first version with names as node names; before, they are full paths, and values of 8 bytes or more are aligned to 8. */
export const FIRST_WITH_PLAIN_NAMES = 16;

/** The newest version; a later one can be read if its header says that it is compatible. */
export const NEWEST_VERSION = 17;

/**
 * Bytes of a property's name, at most: a kernel cannot show a name longer than NAME_MAX as a file. (The specification allows
 * 31, v0.4 §2.2.4.1; firmware uses longer ones.) Names may overlap in the strings block, so without a limit the names of a
 * small blob could have many times its size.
 */
export const MAX_NAME_LENGTH = 255;

/** The next multiple of `to`, a power of two; also for offsets above 2 GiB, where a bitwise sum would wrap. */
export function align(offset: number, to: number): number {
  return offset + (-offset & (to - 1));
}
