import type { HolderId } from '../core/ledger.ts';
import { refcountDecAndTest, refcountInc } from '../core/refcount.ts';
import { type Frames, warnRefcount } from '../core/warn.ts';
import { countOf, type StepWatcher } from '../core/watch.ts';
import { type DeviceNode, OF_DETACHED } from './device-node.ts';
import type { OfKernel } from './of-kernel.ts';
import { releaseNode } from './release.ts';
import { forgetDirectory } from './sysfs-directory.ts';

const none: Frames = [];

/**
 * of_node_get().
 * @param frames functions between the thread's stack and of_node_get(), innermost first, for a warning
 */
export function ofNodeGet(k: OfKernel, np: DeviceNode, who: HolderId, frames: Frames = none): void {
  if (k.watcher) watchTake(k.watcher, np);
  const site = refcountInc(np);
  if (site) warnRefcount(k, site, ['kobject_get', 'of_node_get', ...frames]);
  k.ledger.recordGet(np, who);
}

/** kobject_get() of a node's kobject, as sysfs takes it on the parent of what it adds. */
export function kobjectGet(k: OfKernel, np: DeviceNode, who: HolderId, frames: Frames): void {
  if (k.watcher) watchTake(k.watcher, np);
  const site = refcountInc(np);
  if (site) warnRefcount(k, site, ['kobject_get', ...frames]);
  k.ledger.recordGet(np, who);
}

/** of_node_put(). The last one releases the node. */
export function ofNodePut(k: OfKernel, np: DeviceNode, who: HolderId, frames: Frames = none): void {
  put(k, np, who, frames, true);
}

/** kobject_put() of a node's kobject. */
export function kobjectPut(k: OfKernel, np: DeviceNode, who: HolderId, frames: Frames): void {
  put(k, np, who, frames, false);
}

/** One more reference affects no other thread if the count was positive. */
function watchTake(watcher: StepWatcher, np: DeviceNode): void {
  if (np.count > 0) watcher.read(countOf(np));
  else watcher.write(countOf(np));
}

/** @param ofNode whether of_node_put() is the caller and is part of the trace */
function put(k: OfKernel, np: DeviceNode, who: HolderId, via: Frames, ofNode: boolean): void {
  k.watcher?.write(countOf(np));
  const last = refcountDecAndTest(np);
  k.ledger.recordPut(np, who);
  if (last === false) return;
  const frames = ofNode ? ['of_node_put', ...via] : via;
  if (last === true) cleanUp(k, np, frames);
  else warnRefcount(k, last, ['kobject_put', ...frames]);
}

/**
 * kobject_cleanup(): a node that is in sysfs is removed from it, released, and then puts its parent.
 */
function cleanUp(k: OfKernel, np: DeviceNode, frames: Frames): void {
  const parent = np.inSysfs ? np.kobjParent : null;
  if (np.inSysfs) forgetDirectory(k, np);
  releaseNode(k, np, frames);
  if (parent) kobjectPut(k, parent, np, frames);
}

/** The state of a node, for observation. */
export function nodeState(np: DeviceNode): 'attached' | 'detached' | 'released' | 'never attached' {
  if (np.released) return 'released';
  if (!np.wasAttached) return 'never attached';
  return np.has(OF_DETACHED) ? 'detached' : 'attached';
}
