import { asDrcInfo } from '../../devicetree/index.ts';
import { EINVAL, EIO } from '../core/errno.ts';
import type { Flow } from '../core/flow.ts';
import { KERN_ERR } from '../core/log.ts';
import { Changeset } from '../of/changeset.ts';
import { type DeviceNode, findProperty, readCell } from '../of/device-node.ts';
import { nextChild, nodesWithProperty } from '../of/find.ts';
import { nodeName } from '../of/print.ts';
import { ofNodeGet, ofNodePut } from '../of/reference.ts';
import { configureConnector } from './configure-connector.ts';
import type { PseriesKernel } from './pseries-kernel.ts';

/** Nodes added and removed by drc index through /sys/kernel/dlpar, since v6.12 (dlpar.c `dlpar_hp_dt_*`). */

const MY_INDEX = 'ibm,my-drc-index';
const lookup = 'lookup in dlpar_hp_dt_add';

/** dlpar_hp_dt_add(): unlike a migration, it attaches the whole subtree. */
export function* dlparAddDt(k: PseriesKernel, index: number): Flow<number> {
  const known = findWithIndex(k, index, 'get_device_node_with_drc_index');
  if (known) {
    const text = `Adding device node for index (${index | 0}), but already exists in the device tree`;
    k.log.print(KERN_ERR, `dlpar: dlpar_hp_dt_add: ${text}`);
    return -EINVAL;
  }
  const parent = parentFor(k, index);
  if (!parent) return -EIO;
  ofNodeGet(k, parent, lookup, ['dlpar_hp_dt_add']);
  const root = yield* configureConnector(k, index, parent);
  const error = root ? yield* attachAll(k, root) : -EIO;
  ofNodePut(k, parent, lookup, ['dlpar_hp_dt_add']);
  return error;
}

function* attachAll(k: PseriesKernel, root: DeviceNode): Flow<number> {
  const changes = new Changeset();
  const work = [root];
  for (let np = work.pop(); np; np = work.pop()) {
    changes.add(k, 'attach', np);
    if (np.sibling) work.push(np.sibling);
    if (np.child) work.push(np.child);
  }
  const error = yield* changes.apply(k);
  changes.destroy(k);
  return error;
}

/** dlpar_hp_dt_remove(): detaches every node with the index, children first. Initial references stay. */
export function* dlparRemoveDt(k: PseriesKernel, index: number): Flow<number> {
  const changes = new Changeset();
  let error = 0;
  for (const np of nodesWithProperty(k, MY_INDEX)) {
    const own = ownIndex(k, np, 'dlpar_hp_dt_remove');
    if (own === undefined) {
      error = -EINVAL;
      break;
    }
    if (own === index) detachAll(k, changes, np);
  }
  if (error === 0) error = yield* changes.apply(k);
  changes.destroy(k);
  return error;
}

function detachAll(k: PseriesKernel, changes: Changeset, np: DeviceNode): void {
  const who = 'child loop in changeset_detach_node_recursive';
  for (let child = nextChild(k, np, null, who); child; child = nextChild(k, np, child, who)) {
    detachAll(k, changes, child);
  }
  changes.add(k, 'detach', np);
}

/** The node with the index. A node with an unreadable index ends the search without a result. */
function findWithIndex(k: PseriesKernel, index: number, caller: string): DeviceNode | undefined {
  for (const np of nodesWithProperty(k, MY_INDEX)) {
    const own = ownIndex(k, np, caller);
    if (own === undefined) return undefined;
    if (own === index) return np;
  }
  return undefined;
}

function ownIndex(k: PseriesKernel, np: DeviceNode, caller: string): number | undefined {
  const property = findProperty(np, MY_INDEX);
  if (property && property.value.length >= 4) return readCell(property.value);
  // -ENODATA for an empty value, -EOVERFLOW for one that is too short.
  const error = property?.value.length === 0 ? -61 : -75;
  k.log.print(KERN_ERR, `dlpar: ${caller}: ${nodeName(k, np)}: of_property_read_u32 ${MY_INDEX}: ${error}`);
  return undefined;
}

/** The node whose `ibm,drc-info` covers the index, else one whose `ibm,drc-indexes` lists it. */
function parentFor(k: PseriesKernel, index: number): DeviceNode | undefined {
  for (const np of nodesWithProperty(k, 'ibm,drc-info')) {
    const info = findProperty(np, 'ibm,drc-info');
    if (info && coversIndex(info.value, index)) return np;
  }
  for (const np of nodesWithProperty(k, 'ibm,drc-indexes')) {
    const indexes = findProperty(np, 'ibm,drc-indexes');
    if (indexes && listsIndex(indexes.value, index)) return np;
  }
  return undefined;
}

/** Whether one of the entries contains the index. */
function coversIndex(value: Uint8Array, index: number): boolean {
  return (asDrcInfo(value) ?? []).some(({ indexStart, count, increment }) => {
    const distance = index - indexStart;
    if (increment === 0) return distance === 0 && count > 0;
    return distance >= 0 && distance % increment === 0 && distance / increment < count;
  });
}

function listsIndex(value: Uint8Array, index: number): boolean {
  const count = Math.min(readCell(value), (value.length >> 2) - 1);
  for (let i = 1; i <= count; i++) if (readCell(value, i) === index) return true;
  return false;
}
