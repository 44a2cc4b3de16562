import type { Flow } from '../core/flow.ts';
import type { DeviceNode } from '../of/device-node.ts';
import { configureConnector } from '../pseries/configure-connector.ts';
import { applyDelete, attachAdded } from '../pseries/mobility-nodes.ts';
import type { Policy, PseriesKernel } from '../pseries/pseries-kernel.ts';

/** add_dt_node() as proposed in the thread: attaches the whole subtree from configure-connector. */
export function* addSubtree(k: PseriesKernel, parent: DeviceNode, drcIndex: number): Flow<void> {
  const root = yield* configureConnector(k, drcIndex, parent);
  const work = root ? [{ np: root, parent }] : [];
  for (let next = work.pop(); next; next = work.pop()) {
    const { np } = next;
    const children: DeviceNode[] = [];
    // Read before the attach, which clears the list.
    for (let child = np.child; child; child = child.sibling) children.push(child);
    yield* attachAdded(k, np, next.parent);
    for (const child of children) work.push({ np: child, parent: np });
  }
}

/** Applies deletes and adds without losing children. Holders of the old nodes keep them. */
export const attachSubtree: Policy = {
  name: 'attach-subtree',
  since: 'proposed in the thread of October 2021',
  explanation: 'like detach, but attaches the whole of an added subtree, not only its root',
  deleteNode: applyDelete,
  addNode: addSubtree,
};
