import { KERN_ERR } from '../core/log.ts';
import { dumpStack, type Frames } from '../core/warn.ts';
import { type DeviceNode, OF_DETACHED, OF_DYNAMIC } from './device-node.ts';
import type { OfKernel } from './of-kernel.ts';
import { nodeName } from './print.ts';

const releaseFrames: Frames = ['of_node_release', 'kobject_cleanup', 'kobject_put'];

/**
 * of_node_release() (drivers/of/dynamic.c): runs when the count reaches zero.
 *
 * A node that is not detached causes a warning and is not freed. A node of the flattened tree keeps its memory with a count of
 * zero, so a later reference is a use-after-free that reads intact memory.
 */
export function releaseNode(k: OfKernel, np: DeviceNode, frames: Frames): void {
  if (!np.has(OF_DETACHED)) {
    logBadPut(k, np, [...releaseFrames, ...frames]);
    return;
  }
  np.released = true;
  k.events.node('of', 'release', np, np.boot ? 'count 0, boot node stays:' : 'freed');
  if (!np.has(OF_DYNAMIC)) return;
  if (np.child && k.release.releaseWarnsOfChildren) {
    k.log.print(KERN_ERR, `OF: ERROR: of_node_release() unexpected children for ${parentAndName(k, np)}`);
  }
  np.properties = null;
  np.deadprops = null;
}

function logBadPut(k: OfKernel, np: DeviceNode, frames: Frames): void {
  if (!k.release.releaseWarnsOfChildren) {
    k.log.print(KERN_ERR, k.release.lines.badPut.text(nodeName(k, np)));
    dumpStack(k, frames);
    return;
  }
  k.log.print(KERN_ERR, k.release.lines.badPut.text(parentAndName(k, np)));
  dumpStack(k, frames);
  k.log.print(
    KERN_ERR,
    "OF: ERROR: next of_node_put() on this node will result in a kobject warning 'refcount_t: underflow; use-after-free.'",
  );
}

/** The node itself must not be printed here: its count is zero. */
function parentAndName(k: OfKernel, np: DeviceNode): string {
  return `${np.parent ? nodeName(k, np.parent) : '(null)'}/${np.fullName}`;
}
