import { InputError } from '../../base/index.ts';
import { sameTree } from '../equal.ts';
import type { Tree } from '../tree.ts';
import { emitBlob } from './emit-blob.ts';
import { emitTree } from './emit-tree.ts';
import {
  align,
  FIELD,
  FIRST_WITH_PLAIN_NAMES,
  HEADER_SIZES,
  MAGIC,
  NEWEST_VERSION,
  RESERVATION_SIZE,
} from './format.ts';
import { type Dtb, type DtbLayout, dtbOfLayout, isUnmodified } from './read.ts';

/** How a blob is written. */
export interface WriteDtbOptions {
  /** Version of the blob. Default: that of the layout if it is kept, else 17. */
  readonly version?: 16 | 17;
  /** The layout to keep if the tree is unchanged. Default: the tree's own, if it has one. */
  readonly layout?: DtbLayout;
  /** Always use dtc's layout. */
  readonly repack?: boolean;
  /** Number of empty entries in the reservation block, as dtc's `--reserve`. This and the next three imply dtc's layout. */
  readonly reserve?: number;
  /** Minimum total size in bytes, as dtc's `--space`. */
  readonly space?: number;
  /** Bytes of padding at the end, as dtc's `--pad`. */
  readonly pad?: number;
  /** The total size is a multiple of this many bytes, as dtc's `--align`. */
  readonly align?: number;
}

/**
 * Writes a tree as a flattened device tree.
 *
 * An unchanged tree from a blob of version 16 or later is written as the same bytes, whatever the layout of the blob. Every
 * other tree gets the layout of dtc 1.6.1: header, reservations, structure, strings, without gaps, strings in order of
 * first occurrence.
 *
 * A reservation of size 0 is written like the others, as in dtc, although readers treat it as the end.
 *
 * @throws InputError with the path of the node if a name or number cannot be written
 */
export function writeDtb(tree: Tree, options: WriteDtbOptions = {}): Uint8Array {
  const layout = options.layout ?? (tree as Partial<Dtb>).layout;
  if (layout !== undefined && !wantsOwnLayout(options) && stands(layout, tree, options.version)) {
    return new Uint8Array(layout.bytes);
  }
  check(tree);
  const version = options.version ?? NEWEST_VERSION;
  const reservations = align(HEADER_SIZES.get(version) ?? 0, 8);
  const structure = reservations + (tree.reservations.length + (options.reserve ?? 0) + 1) * RESERVATION_SIZE;
  const emitter = isUnmodified(tree) ? emitBlob(tree, structure) : emitTree(tree, structure);
  const { bytes, structureEnd, stringsEnd } = emitter.finish((size) => padded(size, options));

  const view = new DataView(bytes.buffer);
  view.setUint32(FIELD.magic, MAGIC);
  view.setUint32(FIELD.totalSize, bytes.length);
  view.setUint32(FIELD.structure, structure);
  view.setUint32(FIELD.strings, structureEnd);
  view.setUint32(FIELD.reservations, reservations);
  view.setUint32(FIELD.version, version);
  view.setUint32(FIELD.lastCompatibleVersion, FIRST_WITH_PLAIN_NAMES);
  view.setUint32(FIELD.bootCpu, tree.bootCpu);
  view.setUint32(FIELD.stringsSize, stringsEnd - structureEnd);
  if (version === NEWEST_VERSION) view.setUint32(FIELD.structureSize, structureEnd - structure);
  for (const [index, { address, size }] of tree.reservations.entries()) {
    view.setBigUint64(reservations + index * RESERVATION_SIZE, address);
    view.setBigUint64(reservations + index * RESERVATION_SIZE + 8, size);
  }
  return bytes;
}

function wantsOwnLayout(options: WriteDtbOptions): boolean {
  const { repack = false, reserve = 0, space = 0, pad = 0 } = options;
  return repack || reserve > 0 || space > 0 || pad > 0 || (options.align ?? 0) > 0;
}

/** Whether the blob of this layout has this version and exactly this tree. */
function stands(layout: DtbLayout, tree: Tree, wanted: number | undefined): boolean {
  const origin = dtbOfLayout(layout);
  if (origin.version < FIRST_WITH_PLAIN_NAMES || (wanted ?? origin.version) !== origin.version) return false;
  return origin === tree || sameTree(origin, tree);
}

/** dtc accepts only one of `--pad` and `--space`, and aligns last. */
function padded(size: number, options: WriteDtbOptions): number {
  const length = Math.max(size + (options.pad ?? 0), options.space ?? 0);
  return options.align ? Math.ceil(length / options.align) * options.align : length;
}

function check(tree: Tree): void {
  if (!(Number.isInteger(tree.bootCpu) && tree.bootCpu >= 0 && tree.bootCpu <= 0xffffffff)) {
    throw new InputError(`boot CPU ${tree.bootCpu} is not a 32-bit number`);
  }
  for (const { address, size } of tree.reservations) {
    for (const number of [address, size]) {
      if (BigInt.asUintN(64, number) !== number)
        throw new InputError(`reservation: ${number} is not a 64-bit number`);
    }
  }
}
