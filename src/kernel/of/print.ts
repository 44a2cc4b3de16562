import { refcountDecAndTest, refcountInc } from '../core/refcount.ts';
import { type Frames, warnRefcount } from '../core/warn.ts';
import { countOf, type StepWatcher } from '../core/watch.ts';
import type { DeviceNode } from './device-node.ts';
import type { OfKernel } from './of-kernel.ts';

/**
 * The printk helper %pOF (lib/vsprintf.c, drivers/base/property.c).
 *
 * It takes and drops references on the ancestors of the printed node, so printing a node whose parent has a count of zero shows a
 * use-after-free. Up to v5.10 it also takes a reference on the node itself.
 */

/** Functions between printk() and the formatting of a pointer. */
export const throughPrintk: Frames = [
  'vsnprintf',
  'vprintk_store',
  'vprintk_emit',
  'vprintk_default',
  '_printk',
];

/**
 * Call chains in Debian's 6.12 under QEMU, where fwnode_get_next_parent() and fwnode_handle_put() are inlined.
 */
const inPath = ['fwnode_full_name_string', 'device_node_string'];
const get = ['kobject_get', 'of_node_get', 'of_get_parent', 'of_fwnode_get_parent'];
const put = ['kobject_put', 'of_node_put', 'of_fwnode_put'];
const chains = {
  getCounting: [...get, 'fwnode_count_parents', ...inPath],
  putCounting: [...put, 'fwnode_count_parents', ...inPath],
  getNth: [...get, 'fwnode_get_nth_parent', ...inPath],
  putNth: [...put, 'fwnode_get_nth_parent', ...inPath],
  getItself: ['kobject_get', 'of_node_get', 'of_fwnode_get', 'fwnode_get_nth_parent', ...inPath],
  putPrinted: [...put, ...inPath],
};

/**
 * `%pOF`: the full path. The root itself prints as an empty text.
 * @param via callers of the formatting, innermost first
 */
export function nodeName(k: OfKernel, np: DeviceNode, via: Frames = throughPrintk): string {
  const takesNode = k.release.printTakesNodeItself;
  if (k.watcher) watch(k.watcher, takesNode ? np : np.parent);
  if (k.ledger.history || !allPositive(takesNode ? np : np.parent)) walk(k, np, takesNode, via);
  return np.parent ? np.path : '';
}

/** `%pOFn`: the base name without unit address. */
export function nodeBaseName(np: DeviceNode): string {
  const at = np.fullName.indexOf('@');
  return at < 0 ? np.fullName : np.fullName.slice(0, at);
}

/** Taking and dropping leaves a positive count unchanged, so a step that prints only reads it. */
function watch(watcher: StepWatcher, from: DeviceNode | null): void {
  for (let np = from; np; np = np.parent) {
    if (np.count > 0) watcher.read(countOf(np));
    else watcher.write(countOf(np));
  }
}

/** If all counts up to the root are positive, taking and dropping has no visible effect. */
function allPositive(from: DeviceNode | null): boolean {
  for (let np = from; np; np = np.parent) if (np.count <= 0) return false;
  return true;
}

function walk(k: OfKernel, np: DeviceNode, takesNode: boolean, via: Frames): void {
  let depth = 0;
  for (let at = step(k, np.parent, chains.getCounting, via); at; depth++) {
    const above = step(k, at.parent, chains.getCounting, via);
    drop(k, at, chains.putCounting, via);
    at = above;
  }
  for (; depth > 0; depth--) {
    const ancestor = takesNode ? climbFromSelf(k, np, depth, via) : climb(k, np, depth, via);
    if (ancestor) drop(k, ancestor, chains.putPrinted, via);
  }
  if (takesNode) {
    step(k, np, chains.getItself, via);
    drop(k, np, chains.putPrinted, via);
  }
}

/** fwnode_get_nth_parent() since v5.18: starts at the parent. */
function climb(k: OfKernel, np: DeviceNode, depth: number, via: Frames): DeviceNode | null {
  let at = step(k, np.parent, chains.getNth, via);
  for (let level = 1; at && level < depth; level++) {
    const above = step(k, at.parent, chains.getNth, via);
    drop(k, at, chains.putNth, via);
    at = above;
  }
  return at;
}

/** fwnode_get_nth_parent() of v5.10: takes the node itself, then moves up. */
function climbFromSelf(k: OfKernel, np: DeviceNode, depth: number, via: Frames): DeviceNode | null {
  let at = step(k, np, chains.getItself, via);
  for (let level = 0; at && level < depth; level++) {
    const above = step(k, at.parent, chains.getNth, via);
    drop(k, at, chains.putNth, via);
    at = above;
  }
  return at;
}

function step(k: OfKernel, np: DeviceNode | null, frames: Frames, via: Frames): DeviceNode | null {
  if (!np) return null;
  const site = refcountInc(np);
  if (site) warnRefcount(k, site, [...frames, ...via]);
  k.ledger.recordGet(np, PRINTING);
  return np;
}

/** The reference was taken just before, so it is not the last one. */
function drop(k: OfKernel, np: DeviceNode, frames: Frames, via: Frames): void {
  const site = refcountDecAndTest(np);
  if (typeof site === 'object') warnRefcount(k, site, [...frames, ...via]);
  k.ledger.recordPut(np, PRINTING);
}

const PRINTING = 'printing %pOF';
