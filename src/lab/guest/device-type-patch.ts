import { EnvironmentError, InputError } from '../../base/index.ts';
import { sameBytes, string, type Tree, type TreeNode, writeDtb } from '../../devicetree/index.ts';
import type { Firmware } from '../../firmware/index.ts';
import { connectorStatus, decodeConnector, workAreaOf } from '../../papr/index.ts';
import type { GdbClient } from '../traps/gdb/index.ts';

/**
 * How a kernel since v5.16 is made to obey deletes and adds of platform-facilities again, as kernels before did.
 *
 * mobility.c ignores them by one comparison: whether `device_type` of a node or its parent is exactly
 * `ibm,platform-facilities`. Property values of boot nodes are read in place from the flattened tree; so the value is
 * overwritten there, by one of the same length, just before the migration. The root of an added subtree must be of
 * another type as well, so the connector tells a disguised one. The kernel's code is not touched.
 */
const ORIGINAL_TYPE = 'ibm,platform-facilities';
const PATCHED_TYPE = 'IBM,platform-facilities';

/** Bytes to be written over the flattened tree. */
export interface Patch {
  /** From the start of the blob. */
  readonly offset: number;
  /** What is there, and what is to be there: of equal length. */
  readonly before: Uint8Array;
  readonly after: Uint8Array;
}

/** @param blob what `writeDtb` made of `tree` */
export function deviceTypePatches(tree: Tree, blob: Uint8Array): Patch[] {
  // The value's place is where the blob of the disguised tree differs; it starts with the first byte of the value.
  const other = writeDtb({
    root: mapTypes(tree.root, ORIGINAL_TYPE, PATCHED_TYPE),
    reservations: tree.reservations,
    bootCpu: tree.bootCpu,
  });
  const patches: Patch[] = [];
  for (let offset = 0; offset < blob.length; offset++) {
    if (blob[offset] === other[offset]) continue;
    const end = offset + ORIGINAL_TYPE.length;
    patches.push({ offset, before: blob.slice(offset, end), after: other.slice(offset, end) });
    offset = end;
  }
  return patches;
}

/**
 * Disguises the flattened tree of a guest that stands still; does nothing where that is done.
 * @param address physical address of the blob
 */
export async function applyPatches(
  gdb: GdbClient,
  address: number,
  patches: readonly Patch[],
): Promise<void> {
  for (const { offset, before, after } of patches) {
    const place = BigInt(address + offset);
    const found = await gdb.readMemory(place, before.length, true);
    if (found.equals(after)) continue;
    if (!found.equals(before))
      throw new EnvironmentError('the tree is not where the kernel got it: it cannot be disguised');
    await gdb.writeMemory(place, after, true);
  }
}

/** The tree as it would be without the disguise. */
export function restoreDeviceTypes(tree: Tree): Tree {
  return { ...tree, root: mapTypes(tree.root, PATCHED_TYPE, ORIGINAL_TYPE) };
}

/** A firmware before another, whose connectors tell platform-facilities in disguise. */
export function patchConnectors(firmware: Firmware): Firmware {
  const name = 'ibm,configure-connector';
  const token = firmware.tokens.get(name);
  return {
    tokens: firmware.tokens,
    hcall: (opcode, args) => firmware.hcall(opcode, args),
    call(call, memory) {
      const rets = firmware.call(call, memory);
      const area = workAreaOf(name, call.args);
      if (call.token === token && rets[0] === connectorStatus.nextProperty && area) {
        const page = memory.read(area.address, area.length);
        const at = offsetOfType(page);
        if (at !== undefined) memory.write(area.address + at, type(PATCHED_TYPE));
      }
      return rets;
    },
  };
}

/** Where in a connector's page the value to be disguised stands, if it is one. */
function offsetOfType(page: Uint8Array): number | undefined {
  try {
    const { item } = decodeConnector(connectorStatus.nextProperty, page);
    if (item.status !== connectorStatus.nextProperty || item.name !== 'device_type') return undefined;
    return sameBytes(item.value, type(ORIGINAL_TYPE)) ? item.value.byteOffset - page.byteOffset : undefined;
  } catch (error) {
    if (error instanceof InputError) return undefined; // a firmware that errs on purpose: the kernel has to deal with it
    throw error;
  }
}

const type = (name: string) => string('device_type', name).value;

function mapTypes(node: TreeNode, from: string, to: string): TreeNode {
  const value = type(from);
  return {
    ...node,
    properties: node.properties.map((each) =>
      each.name === 'device_type' && sameBytes(each.value, value) ? string('device_type', to) : each,
    ),
    children: node.children.map((each) => mapTypes(each, from, to)),
  };
}
