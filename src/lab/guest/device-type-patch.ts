import { EnvironmentError, InputError } from '../../base/index.ts';
import { sameBytes, string, type Tree, type TreeNode, writeDtb } from '../../devicetree/index.ts';
import type { Firmware } from '../../firmware/index.ts';
import { connectorStatus, decodeConnector, workAreaOf } from '../../papr/index.ts';
import type { GdbClient } from '../traps/gdb/index.ts';

/**
 * The device_type patch makes a kernel since v5.16 apply deletes and adds of platform-facilities, as earlier kernels do.
 *
 * mobility.c (v5.16 and later) ignores them when `device_type` of the node or of its parent is `ibm,platform-facilities`. The
 * kernel reads property values of nodes present at boot in place, from the flattened tree. The patch overwrites the value
 * there, with one of the same length, just before the migration. The root of an added subtree must have another type as well,
 * so `ibm,configure-connector` delivers the patched type. The kernel's code does not change.
 */
const ORIGINAL_TYPE = 'ibm,platform-facilities';
const PATCHED_TYPE = 'IBM,platform-facilities';

/** A replacement of bytes in the flattened tree. */
export interface Patch {
  /** From the start of the blob. */
  readonly offset: number;
  /** Original and new bytes, of equal length. */
  readonly before: Uint8Array;
  readonly after: Uint8Array;
}

/**
 * Finds the device_type values to be patched.
 * @param blob the result of `writeDtb(tree)`
 */
export function deviceTypePatches(tree: Tree, blob: Uint8Array): Patch[] {
  // The blob of the patched tree differs at the first bytes of each value.
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
 * Patches the flattened tree of a paused guest. Bytes that are patched already stay as they are.
 * @param address physical address of the blob
 * @throws EnvironmentError when the original bytes are not there
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
      throw new EnvironmentError(
        `device_type patch: the flattened tree is no longer at 0x${place.toString(16)} in guest memory`,
      );
    await gdb.writeMemory(place, after, true);
  }
}

/** Replaces patched types by the original ones. */
export function restoreDeviceTypes(tree: Tree): Tree {
  return { ...tree, root: mapTypes(tree.root, PATCHED_TYPE, ORIGINAL_TYPE) };
}

/** Wraps a firmware so that `ibm,configure-connector` delivers patched types. */
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

/** Offset of the type in the work area of `ibm,configure-connector`; `undefined` when it holds something else. */
function offsetOfType(page: Uint8Array): number | undefined {
  try {
    const { item } = decodeConnector(connectorStatus.nextProperty, page);
    if (item.status !== connectorStatus.nextProperty || item.name !== 'device_type') return undefined;
    return sameBytes(item.value, type(ORIGINAL_TYPE)) ? item.value.byteOffset - page.byteOffset : undefined;
  } catch (error) {
    if (error instanceof InputError) return undefined; // the firmware injects a fault: the work area goes to the kernel as it is
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
