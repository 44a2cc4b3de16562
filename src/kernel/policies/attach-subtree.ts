import type { Flow } from '../core/flow.ts';
import type { DeviceNode } from '../of/device-node.ts';
import { configureConnector } from '../pseries/configure-connector.ts';
import { applyDelete, attachAdded } from '../pseries/mobility-nodes.ts';
import type { Policy, PseriesKernel } from '../pseries/pseries-kernel.ts';

/** add_dt_node() as the thread says the general case should be mended: all of what configure-connector gave. */
export function* addSubtree(k: PseriesKernel, parent: DeviceNode, drcIndex: number): Flow<void> {
  const root = yield* configureConnector(k, drcIndex, parent);
  const work = root ? [{ np: root, parent }] : [];
  for (let next = work.pop(); next; next = work.pop()) {
    const { np } = next;
    const children: DeviceNode[] = [];
    // Read before the attach, which forgets them.
    for (let child = np.child; child; child = child.sibling) children.push(child);
    yield* attachAdded(k, np, next.parent);
    for (const child of children) work.push({ np: child, parent: np });
  }
}

/** Obeys, and loses no node on the way. Whoever held the old nodes holds them still. */
export const attachSubtree: Policy = {
  name: 'attach-subtree',
  since: 'proposed in the thread of October 2021',
  explanation: 'obeys like detach, but attaches an added subtree whole, not only its root',
  deleteNode: applyDelete,
  addNode: addSubtree,
};
