import { shared } from '../core/watch.ts';
import { cString, type DeviceNode, findProperty, OF_DETACHED } from './device-node.ts';
import type { OfKernel } from './of-kernel.ts';
import { cacheSlot } from './phandle-cache.ts';
import { nodeBaseName } from './print.ts';
import { ofNodeGet, ofNodePut } from './reference.ts';

/** Lookups in the live tree (drivers/of/base.c). Each takes a reference for `who` on the node that it finds. */

/** __of_find_all_nodes(): the next node, depth first. */
export function nextNode(np: DeviceNode): DeviceNode | null {
  if (np.child) return np.child;
  let at: DeviceNode | null = np;
  while (at.parent && !at.sibling) at = at.parent;
  return at.sibling;
}

/**
 * of_find_node_by_phandle(): the cached node, else the first node in the tree that has the phandle and is not detached. Of two
 * nodes with the same phandle this is the cached one, else the newer one, because new nodes are first among their siblings.
 */
export function findByPhandle(k: OfKernel, phandle: number, who: string): DeviceNode | null {
  if (phandle === 0) return null;
  const cache = k.of.phandleCache;
  const slot = cacheSlot(phandle);
  const cached = cache[slot];
  let found: DeviceNode | null = cached?.phandle === phandle ? cached : null;
  if (!found) {
    for (found = k.of.root; found; found = nextNode(found)) {
      if (found.phandle === phandle && !found.has(OF_DETACHED)) break;
    }
    if (found) {
      k.watcher?.write(shared.phandleCache);
      cache[slot] = found;
    }
  }
  if (found) ofNodeGet(k, found, who, ['of_find_node_by_phandle']);
  return found;
}

/** of_find_node_by_path(): components are compared with full names; the first sibling that matches is found. */
export function findByPath(k: OfKernel, path: string, who: string): DeviceNode | null {
  const found = path === '/' ? k.of.root : resolve(k, path, 0);
  if (found) ofNodeGet(k, found, who, ['of_find_node_opts_by_path']);
  return found;
}

/** Limit of aliases in a row: an alias that refers to itself would never end. */
const MAX_ALIASES = 8;

function resolve(k: OfKernel, path: string, aliases: number): DeviceNode | null {
  const end = path.indexOf(':');
  const whole = end < 0 ? path : path.slice(0, end);
  if (whole.startsWith('/')) return descend(k.of.root, whole);
  const slash = whole.indexOf('/');
  const alias = slash < 0 ? whole : whole.slice(0, slash);
  const target = k.of.aliases && findProperty(k.of.aliases, alias);
  if (!target || aliases === MAX_ALIASES) return null;
  const from = cString(target.value);
  const np = from === '/' ? k.of.root : resolve(k, from, aliases + 1);
  return np && (slash < 0 ? np : descend(np, whole.slice(slash)));
}

/** __of_find_node_by_full_path(): an empty component, as after a final slash, matches nothing. */
function descend(from: DeviceNode, path: string): DeviceNode | null {
  let np: DeviceNode | null = from;
  for (let at = 1; np && at <= path.length; ) {
    const slash = path.indexOf('/', at);
    const end = slash < 0 ? path.length : slash;
    np = end === at ? null : childNamed(np, path.slice(at, end));
    at = end + 1;
  }
  return np;
}

function childNamed(parent: DeviceNode, name: string): DeviceNode | null {
  for (let child = parent.child; child; child = child.sibling) if (child.fullName === name) return child;
  return null;
}

/** of_find_node_by_name(NULL, name): the first node with this name before `@`. */
export function findByName(k: OfKernel, name: string, who: string): DeviceNode | null {
  for (let np: DeviceNode | null = k.of.root; np; np = nextNode(np)) {
    if (nodeBaseName(np) !== name) continue;
    ofNodeGet(k, np, who, ['of_find_node_by_name']);
    return np;
  }
  return null;
}

/**
 * for_each_node_with_property(), without the references that the loop takes and drops: no other code runs between them.
 */
export function* nodesWithProperty(k: OfKernel, name: string): Generator<DeviceNode, void, undefined> {
  for (let np: DeviceNode | null = k.of.root; np; np = nextNode(np)) if (findProperty(np, name)) yield np;
}

/**
 * of_get_next_child(): the sibling of `previous`, which is put, or the first child for `null`. A detached child still leads to its
 * sibling.
 */
export function nextChild(
  k: OfKernel,
  parent: DeviceNode,
  previous: DeviceNode | null,
  who: string,
): DeviceNode | null {
  const next = previous ? previous.sibling : parent.child;
  const frames = ['of_get_next_child'];
  if (next) ofNodeGet(k, next, who, frames);
  if (previous) ofNodePut(k, previous, who, frames);
  return next;
}

/** of_get_parent(). */
export function getParent(k: OfKernel, np: DeviceNode, who: string): DeviceNode | null {
  if (np.parent) ofNodeGet(k, np.parent, who, ['of_get_parent']);
  return np.parent;
}
