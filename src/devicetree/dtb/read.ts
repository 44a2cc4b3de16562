import { InputError } from '../../base/index.ts';
import type { Tree, TreeNode } from '../tree.ts';
import { openBlob } from './blob.ts';
import { buildTree } from './build-tree.ts';
import { Cursor } from './cursor.ts';
import { END, RESERVATION_SIZE } from './format.ts';
import { type Block, readReservations } from './header.ts';

/** The layout of a blob: what is needed to write the same bytes again, and the positions of its blocks. */
export interface DtbLayout {
  /**
   * The whole input, with gaps between blocks, NOPs, shared and unused strings, and bytes after its end. It is not a copy, and
   * the values of the tree's properties are views of it: do not change it.
   */
  readonly bytes: Uint8Array;
  /** Bytes of the blob; later ones in `bytes` are not part of it. */
  readonly totalSize: number;
  /** With the entry that ends it. */
  readonly reservations: Block;
  /** With its END token. */
  readonly structure: Block;
  /** Names of properties. */
  readonly strings: Block;
}

/** A tree that was read from a blob. */
export interface Dtb extends Tree {
  /** 1, 2, 3, 16 or 17; a later one only if it is compatible with 17. */
  readonly version: number;
  /** Version of the oldest readers that can read the blob, as the header states it. */
  readonly lastCompatibleVersion: number;
  /** Layout of the blob, for `writeDtb`. */
  readonly layout: DtbLayout;
}

/** The object that `readDtb` returned with a layout. */
const origins = new WeakMap<DtbLayout, Dtb>();

/** The tree that `readDtb` returned with this layout. */
export function dtbOfLayout(layout: DtbLayout): Dtb {
  return origins.get(layout) ?? readDtb(layout.bytes);
}

/** Whether this is an object that `readDtb` returned, not a changed copy. */
export function isUnmodified(tree: Tree): tree is Dtb {
  const { layout } = tree as Partial<Dtb>;
  return layout !== undefined && origins.get(layout) === tree;
}

/**
 * Reads a flattened device tree of version 1, 2, 3, 16 or 17.
 *
 * The whole blob is checked in one pass. The nodes are built at the first access to `root`: for a million nodes, garbage
 * collection takes longer than everything else, and `writeDtb` of an unmodified tree does not need them.
 *
 * Everything that dtc reads is accepted: blocks in any order and at any alignment, NOPs anywhere, properties after subnodes
 * (properties of their node, although libfdt and the kernel do not see them).
 *
 * ```ts
 * const tree = readDtb(await readFile('/sys/firmware/fdt'));
 * ```
 *
 * @param options.file name for errors
 * @throws InputError with the byte offset and, in the structure block, the path of the node
 */
export function readDtb(bytes: Uint8Array, options: { file?: string } = {}): Dtb {
  try {
    return read(bytes);
  } catch (error) {
    if (error instanceof InputError && options.file !== undefined) throw error.at({ file: options.file });
    throw error;
  }
}

function read(given: Uint8Array): Dtb {
  const blob = openBlob(given);
  const { bytes, header } = blob;
  const reservations = readReservations(bytes, header.reservations);
  const cursor = new Cursor(blob);
  while (cursor.next() !== END);
  let root: TreeNode | undefined;
  const dtb: Dtb = Object.freeze({
    // An own enumerable property: a copy by spread has it as plain data.
    get root() {
      root ??= buildTree(blob);
      return root;
    },
    reservations,
    bootCpu: header.bootCpu,
    version: header.version,
    lastCompatibleVersion: header.lastCompatibleVersion,
    layout: {
      bytes,
      totalSize: header.totalSize,
      reservations: {
        offset: header.reservations.offset,
        size: (reservations.length + 1) * RESERVATION_SIZE,
      },
      structure: { offset: header.structure.offset, size: cursor.position - header.structure.offset },
      strings: header.strings,
    },
  });
  origins.set(dtb.layout, dtb);
  return dtb;
}
