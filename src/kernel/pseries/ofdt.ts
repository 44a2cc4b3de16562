import { EBUSY, EINVAL, ENODEV } from '../core/errno.ts';
import type { Flow } from '../core/flow.ts';
import { errorPointerDereference } from '../core/warn.ts';
import { type DeviceNode, findProperty, type LiveProperty } from '../of/device-node.ts';
import { ofAttachNode, ofDetachNode } from '../of/dynamic.ts';
import { findByPath, findByPhandle, getParent } from '../of/find.ts';
import { ofAddProperty, ofRemoveProperty, ofUpdateProperty } from '../of/property.ts';
import { ofNodePut } from '../of/reference.ts';
import { ItemReader, simpleStrtoul } from './ofdt-items.ts';
import type { PseriesKernel } from './pseries-kernel.ts';

/**
 * /proc/powerpc/ofdt (arch/powerpc/platforms/pseries/reconfig.c): one command with its arguments per write. Arguments are
 * separated by spaces, lengths are decimal, values are raw bytes. A newline is not stripped.
 *
 * References leak as in the kernel: the three commands on properties never put the node that they found by phandle, and a
 * removed node keeps its initial reference.
 *
 * @param text what was written, one character per byte
 * @returns 0 or a negative errno
 */
export function* ofdtWrite(k: PseriesKernel, text: string): Flow<number> {
  const space = cSpace(text);
  if (space < 0) return -EINVAL;
  const rest = text.slice(space + 1);
  k.ledger.step(`ofdt ${text.slice(0, space)}`);
  switch (text.slice(0, space)) {
    case 'add_node':
      return yield* addNode(k, rest);
    case 'remove_node':
      return yield* removeNode(k, untilNul(rest));
    case 'add_property':
      return yield* addProperty(k, rest);
    case 'remove_property':
      return yield* removeProperty(k, rest);
    case 'update_property':
      return yield* updateProperty(k, rest);
    default:
      return -EINVAL;
  }
}

function* addNode(k: PseriesKernel, text: string): Flow<number> {
  const who = 'lookup in do_add_node';
  const space = cSpace(text);
  if (space < 0) return -EINVAL;
  const path = text.slice(0, space);
  const existing = findByPath(k, path, who);
  if (existing) {
    ofNodePut(k, existing, who, ['do_add_node']);
    return -EINVAL;
  }
  const items = new ItemReader(k, text, space + 1);
  let properties: LiveProperty | null = null;
  while (!items.atEnd) {
    const property = items.next();
    if (typeof property === 'number') return property;
    property.next = properties;
    properties = property;
  }
  const node = k.of.create(path.slice(path.lastIndexOf('/') + 1));
  node.properties = properties;
  const parent = parentOf(k, path, who);
  if (typeof parent === 'number') {
    // The error path puts np->parent, which is an error pointer.
    node.discarded = true;
    errorPointerDereference(k, -parent, [
      'kobject_put',
      'of_node_put',
      'pSeries_reconfig_add_node',
      'ofdt_write',
    ]);
  }
  node.parent = parent;
  yield* ofAttachNode(k, node);
  ofNodePut(k, parent, who, ['pSeries_reconfig_add_node']);
  return 0;
}

/** pseries_of_derive_parent(). */
function parentOf(k: PseriesKernel, path: string, who: string): DeviceNode | number {
  if (path === '/') return -EINVAL;
  const slash = path.lastIndexOf('/');
  return findByPath(k, slash > 0 ? path.slice(0, slash) : '/', who) ?? -EINVAL;
}

function* removeNode(k: PseriesKernel, path: string): Flow<number> {
  const who = 'lookup in do_remove_node';
  const node = findByPath(k, path, who);
  if (!node) return -ENODEV;
  let error = 0;
  const parent = getParent(k, node, who);
  if (!parent) error = -EINVAL;
  else {
    if (node.child) error = -EBUSY;
    else yield* ofDetachNode(k, node);
    ofNodePut(k, parent, who, ['pSeries_reconfig_remove_node']);
  }
  ofNodePut(k, node, who, ['do_remove_node']);
  return error;
}

function* addProperty(k: PseriesKernel, text: string): Flow<number> {
  const found = parseNode(k, text, 'ofdt add_property');
  if (!found) return -ENODEV;
  const property = new ItemReader(k, text, found.at).next();
  if (typeof property === 'number') return property;
  yield* ofAddProperty(k, found.node, property);
  return 0;
}

function* removeProperty(k: PseriesKernel, text: string): Flow<number> {
  const found = parseNode(k, text, 'ofdt remove_property');
  if (!found) return -ENODEV;
  const rest = untilNul(text.slice(found.at));
  const [name = ''] = rest.split(' ', 1);
  if (name === '') return -EINVAL;
  return yield* ofRemoveProperty(k, found.node, findProperty(found.node, name));
}

/** Its end is computed from behind the phandle, so it can read that many bytes behind the written text. */
function* updateProperty(k: PseriesKernel, text: string): Flow<number> {
  const found = parseNode(k, text, 'ofdt update_property');
  if (!found) return -ENODEV;
  const property = new ItemReader(k, text, found.at, text.length + found.at).next();
  if (typeof property === 'number') return property;
  if (property.name === '') return -ENODEV;
  return yield* ofUpdateProperty(k, found.node, property);
}

/** parse_node(): its reference is never put. */
function parseNode(
  k: PseriesKernel,
  text: string,
  who: string,
): { node: DeviceNode; at: number } | undefined {
  const space = cSpace(text);
  if (space < 0) return undefined;
  const node = findByPhandle(k, simpleStrtoul(text.slice(0, space), 0), who);
  return node ? { node, at: space + 1 } : undefined;
}

/** strchr(text, ' '): stops at a NUL. */
function cSpace(text: string): number {
  const space = text.indexOf(' ');
  const nul = text.indexOf('\0');
  return nul >= 0 && nul < space ? -1 : space;
}

function untilNul(text: string): string {
  const nul = text.indexOf('\0');
  return nul < 0 ? text : text.slice(0, nul);
}
