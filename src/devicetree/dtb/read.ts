import { InputError } from '../../base/index.ts';
import type { Tree, TreeNode } from '../tree.ts';
import { openBlob } from './blob.ts';
import { buildTree } from './build-tree.ts';
import { Cursor } from './cursor.ts';
import { END, RESERVATION_SIZE } from './format.ts';
import { type Block, readReservations } from './header.ts';

/** How a blob was laid out: what is needed to write the same bytes again, and where things stand in it. */
export interface DtbLayout {
  /**
   * The whole input: with the gaps between its blocks, NOPs, shared and unused strings, and what follows its end. Not a
   * copy of what was given, and the values of the tree's properties are views of it: do not change it.
   */
  readonly bytes: Uint8Array;
  /** Bytes of the blob by its own account; what follows in `bytes` is not part of it. */
  readonly totalSize: number;
  /** With the entry that ends it. */
  readonly reservations: Block;
  /** With its END token. */
  readonly structure: Block;
  readonly strings: Block;
}

/** A tree that was read from a blob. */
export interface Dtb extends Tree {
  /** 1, 2, 3, 16 or 17; later ones only if they say that they are compatible with 17. */
  readonly version: number;
  readonly lastCompatibleVersion: number;
  readonly layout: DtbLayout;
}

/** Which object `readDtb` returned with a layout. */
const origins = new WeakMap<DtbLayout, Dtb>();

/** The tree that was read with this layout, as it was read. */
export function dtbOfLayout(layout: DtbLayout): Dtb {
  return origins.get(layout) ?? readDtb(layout.bytes);
}

/** Whether this is the very object that `readDtb` returned, not a copy with something else in it. */
export function isUnmodified(tree: Tree): tree is Dtb {
  const { layout } = tree as Partial<Dtb>;
  return layout !== undefined && origins.get(layout) === tree;
}

/**
 * Reads a flattened device tree of version 1, 2, 3, 16 or 17.
 *
 * All of the blob is checked here, in one pass. The nodes are made when `root` is first asked for: a million of them cost
 * the garbage collector more than everything else together, and who writes the blob again does not need them.
 *
 * What dtc reads is read: blocks in any order and at any alignment, NOPs anywhere, properties after subnodes (they are
 * properties of their node like the others, although libfdt and the kernel do not see them).
 *
 * @throws InputError with the byte offset and, in the structure block, the path of the node.
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
    // The object's own and enumerable: a copy by spread has it, as plain data.
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
