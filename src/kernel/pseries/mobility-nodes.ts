import type { Flow } from '../core/flow.ts';
import { KERN_DEBUG } from '../core/log.ts';
import type { DeviceNode } from '../of/device-node.ts';
import { nodeName } from '../of/print.ts';
import { configureConnector } from './configure-connector.ts';
import { dlparAttachNode, dlparDetachNode } from './dlpar.ts';
import type { PseriesKernel } from './pseries-kernel.ts';

/** How mobility.c applies the delete or add of a node. */

/** The end of delete_dt_node(). */
export function* applyDelete(k: PseriesKernel, np: DeviceNode): Flow<void> {
  if (k.debug) k.log.print(KERN_DEBUG, k.release.lines.nodeRemoved.text(nodeName(k, np), np.phandle));
  yield* dlparDetachNode(k, np);
}

/** add_dt_node() without a check of the type. */
export function* applyAdd(k: PseriesKernel, parent: DeviceNode, drcIndex: number): Flow<void> {
  const np = yield* configureConnector(k, drcIndex, parent);
  if (np) yield* attachAdded(k, np, parent);
}

/** The end of add_dt_node(): attaches the root of the subtree from configure-connector. */
export function* attachAdded(k: PseriesKernel, np: DeviceNode, parent: DeviceNode): Flow<void> {
  yield* dlparAttachNode(k, np, parent);
  if (k.debug) k.log.print(KERN_DEBUG, k.release.lines.nodeAdded.text(nodeName(k, np), np.phandle));
}
