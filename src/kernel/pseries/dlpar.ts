import type { Flow } from '../core/flow.ts';
import type { DeviceNode } from '../of/device-node.ts';
import { ofAttachNode, ofDetachNode } from '../of/dynamic.ts';
import { nextChild } from '../of/find.ts';
import { ofNodePut } from '../of/reference.ts';
import type { PseriesKernel } from './pseries-kernel.ts';

/** dlpar_attach_node(): attaches this one node. Its children are lost (__of_attach_node). */
export function* dlparAttachNode(k: PseriesKernel, np: DeviceNode, parent: DeviceNode): Flow<number> {
  np.parent = parent;
  return yield* ofAttachNode(k, np);
}

/** dlpar_detach_node(): detaches children first, then the node, and puts its initial reference. */
export function* dlparDetachNode(k: PseriesKernel, np: DeviceNode): Flow<number> {
  const who = 'child loop in dlpar_detach_node';
  for (let child = nextChild(k, np, null, who); child; child = nextChild(k, np, child, who)) {
    yield* dlparDetachNode(k, child);
  }
  yield* ofDetachNode(k, np);
  ofNodePut(k, np, 'initial', ['dlpar_detach_node']);
  return 0;
}
