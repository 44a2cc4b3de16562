import type { Flow } from '../core/flow.ts';
import { warn } from '../core/warn.ts';
import { shared } from '../core/watch.ts';
import { cString, type DeviceNode, findProperty, OF_DETACHED, readCell } from './device-node.ts';
import { type ReconfigData, reconfigNotify } from './notifier.ts';
import type { OfKernel } from './of-kernel.ts';
import { forget } from './phandle-cache.ts';
import { attachSysfs, detachSysfs } from './sysfs.ts';

/** Attaching and detaching nodes (drivers/of/dynamic.c). */

/** of_attach_node(). Always succeeds, even if sysfs or a notifier fails. */
export function* ofAttachNode(k: OfKernel, np: DeviceNode): Flow<number> {
  if (!k.of.mutex.tryLock(k.scheduler)) yield* k.of.mutex.lock(k.scheduler);
  attachNode(k, np);
  k.of.mutex.unlock(k.scheduler);
  yield* reconfigNotify(k.of.notifiers, { action: 'attach', node: np });
  return 0;
}

/** of_detach_node(). The caller holds a reference. The node's initial reference stays. */
export function* ofDetachNode(k: OfKernel, np: DeviceNode): Flow<number> {
  if (!k.of.mutex.tryLock(k.scheduler)) yield* k.of.mutex.lock(k.scheduler);
  detachNode(k, np);
  k.of.mutex.unlock(k.scheduler);
  const data: ReconfigData = { action: 'detach', node: np };
  yield* reconfigNotify(k.of.notifiers, data);
  return 0;
}

/**
 * __of_attach_node() and __of_attach_node_sysfs(): the node becomes its parent's *first* child and loses the children that it
 * has.
 */
export function attachNode(k: OfKernel, np: DeviceNode): void {
  const parent = np.parent;
  if (!parent) return;
  const name = findProperty(np, 'name');
  np.name = name ? cString(name.value) : '<NULL>';
  const handle =
    findProperty(np, 'phandle') ?? findProperty(np, 'linux,phandle') ?? findProperty(np, 'ibm,phandle');
  np.phandle = handle ? readCell(handle.value) : 0;
  k.watcher?.write(shared.tree);
  np.child = null;
  np.sibling = parent.child;
  parent.child = np;
  np.flags &= ~OF_DETACHED;
  np.wasAttached = true;
  k.events.node('of', 'attach', np, 'attach');
  attachSysfs(k, np);
}

/** __of_detach_node() and __of_detach_node_sysfs(). The node keeps its pointers to parent and sibling. */
export function detachNode(k: OfKernel, np: DeviceNode): void {
  const frames = ['of_detach_node'];
  const parent = np.parent;
  if (np.has(OF_DETACHED) || !parent) {
    const line = np.has(OF_DETACHED) ? k.release.sourceLines.alreadyDetached : k.release.sourceLines.noParent;
    warn(k, { place: `drivers/of/dynamic.c:${line}`, frames: ['__of_detach_node', ...frames] });
    if (k.release.doubleDetachPutsAgain) detachSysfs(k, np, frames);
    return;
  }
  k.watcher?.write(shared.tree);
  k.watcher?.write(shared.phandleCache);
  unlink(np, parent);
  np.flags |= OF_DETACHED;
  forget(k.of.phandleCache, np.phandle);
  k.events.node('of', 'detach', np, 'detach');
  detachSysfs(k, np, frames);
}

function unlink(np: DeviceNode, parent: DeviceNode): void {
  if (parent.child === np) {
    parent.child = np.sibling;
    return;
  }
  let previous = parent.child;
  while (previous && previous.sibling !== np) previous = previous.sibling;
  if (previous) previous.sibling = np.sibling;
}
