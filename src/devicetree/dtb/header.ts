import { hex32, InputError } from '../../base/index.ts';
import type { Reservation } from '../tree.ts';
import { FIELD, HEADER_SIZES, isDtb, MAGIC, NEWEST_VERSION, RESERVATION_SIZE } from './format.ts';

/** Offset and size of one of the three blocks of a blob, in bytes. */
export interface Block {
  /** From the start of the blob. */
  readonly offset: number;
  /** Length. */
  readonly size: number;
}

/** The checked header of a blob: every block is inside the blob. */
export interface Header {
  readonly version: number;
  readonly lastCompatibleVersion: number;
  /** Bytes of the blob; bytes after them are not part of it. */
  readonly totalSize: number;
  readonly bootCpu: number;
  /** Up to the end of the blob before version 17, where the header has no size of it. */
  readonly structure: Block;
  /** Up to the end of the blob before version 3, where the header has no size of it. */
  readonly strings: Block;
  /** Up to the next block: the header never has its size. */
  readonly reservations: Block;
}

/** Reads and checks the header of a blob. Offsets need not be aligned, and blocks may have any order. */
export function readHeader(bytes: Uint8Array): Header {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const field = (offset: number) => view.getUint32(offset);
  const smallest = FIELD.lastCompatibleVersion + 4;
  if (bytes.length < smallest) {
    throw new InputError(`too short for a device tree blob: ${bytes.length} bytes`, { offset: bytes.length });
  }
  if (!isDtb(bytes)) throw notABlob(field(FIELD.magic));

  const version = field(FIELD.version);
  const lastCompatibleVersion = field(FIELD.lastCompatibleVersion);
  const headerSize = HEADER_SIZES.get(Math.min(version, NEWEST_VERSION));
  if (headerSize === undefined || lastCompatibleVersion > Math.min(version, NEWEST_VERSION)) {
    throw new InputError(
      `device tree blob of version ${version}, compatible down to ${lastCompatibleVersion}: not a version that can be read`,
      { offset: FIELD.version },
      { hint: 'Versions 1, 2, 3, 16 and 17 exist; a newer one must be compatible with 17.' },
    );
  }

  const totalSize = field(FIELD.totalSize);
  if (totalSize < headerSize) {
    throw new InputError(`total size of ${totalSize} bytes is less than the header`, {
      offset: FIELD.totalSize,
    });
  }
  if (totalSize > bytes.length) {
    throw new InputError(`truncated: the header says ${totalSize} bytes, there are ${bytes.length}`, {
      offset: bytes.length,
    });
  }

  /** The block whose offset and size are in these fields of the header. */
  const block = (name: string, offsetAt: number, sizeAt: number): Block => {
    const offset = field(offsetAt);
    if (offset < headerSize || offset > totalSize) {
      throw new InputError(`${name} block at ${offset} is not within the blob`, { offset: offsetAt });
    }
    if (sizeAt >= headerSize) return { offset, size: totalSize - offset };
    const size = field(sizeAt);
    if (size > totalSize - offset) {
      throw new InputError(`${name} block of ${size} bytes at ${offset} ends past the blob's end`, {
        offset: sizeAt,
      });
    }
    return { offset, size };
  };
  const structure = block('structure', FIELD.structure, FIELD.structureSize);
  const strings = block('strings', FIELD.strings, FIELD.stringsSize);
  const reservations = block('reservations', FIELD.reservations, headerSize);
  const next = [structure.offset, strings.offset].filter((offset) => offset > reservations.offset);
  return {
    version,
    lastCompatibleVersion,
    totalSize,
    bootCpu: FIELD.bootCpu < headerSize ? field(FIELD.bootCpu) : 0,
    structure,
    strings,
    reservations: { offset: reservations.offset, size: Math.min(totalSize, ...next) - reservations.offset },
  };
}

function notABlob(magic: number): InputError {
  const [found, wanted] = [magic, MAGIC].map((word) => `0x${hex32(word)}`);
  const swapped = magic === 0xedfe0dd0;
  return new InputError(
    `not a device tree blob: it starts with ${found}, not ${wanted}`,
    { offset: 0 },
    swapped ? { hint: 'Its 32-bit words are byte-swapped.' } : {},
  );
}

/** The entries of the reservation block, up to one of size 0, where dtc, libfdt and the kernel stop, too. */
export function readReservations(bytes: Uint8Array, block: Block): Reservation[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const reservations: Reservation[] = [];
  const end = block.offset + block.size;
  for (let at = block.offset; at + RESERVATION_SIZE <= end; at += RESERVATION_SIZE) {
    const size = view.getBigUint64(at + 8);
    if (size === 0n) return reservations;
    reservations.push({ address: view.getBigUint64(at), size });
  }
  throw new InputError('memory reservations have no end before the next block', { offset: end });
}
