import { textAt } from '../../papr/index.ts';
import type { HolderEntry } from '../core/ledger.ts';

/** Bits of `DeviceNode.flags` (include/linux/of.h). */
export const OF_DYNAMIC = 1 << 1;
export const OF_DETACHED = 1 << 2;
export const OF_POPULATED = 1 << 3;

/** struct property. */
export class LiveProperty {
  readonly name: string;
  /** The value. Replaced, never changed in place. */
  value: Uint8Array;
  /** Whether it came with the flattened tree. */
  readonly boot: boolean;
  next: LiveProperty | null = null;
  /** Name of its file in sysfs, `#1` included; `null` while it has none. */
  sysfsName: string | null = null;

  constructor(name: string, value: Uint8Array, boot = false) {
    this.name = name;
    this.value = value;
    this.boot = boot;
  }
}

/**
 * struct device_node, its kobject included.
 *
 * `parent`, `child` and `sibling` are pointers without a reference. A detached node keeps its `parent`.
 */
export class DeviceNode {
  /** Name with unit address, from firmware. It never changes, even if the name in sysfs differs. */
  readonly fullName: string;
  /** Whether it came with the flattened tree: such a node's memory is never freed. */
  readonly boot: boolean;
  /** Value of the property `name` when the node was attached. */
  name = '<NULL>';
  phandle = 0;
  flags = 0;
  /** The kobject's reference count, initially 1. */
  count = 1;
  parent: DeviceNode | null = null;
  child: DeviceNode | null = null;
  sibling: DeviceNode | null = null;
  properties: LiveProperty | null = null;
  /** Properties that were replaced or removed. They are freed with the node. */
  deadprops: LiveProperty | null = null;

  /** Name of its directory in sysfs, `#1` included. */
  sysfsName = '';
  /** kobj.state_in_sysfs. */
  inSysfs = false;
  /** The node whose kobject is the parent of this one's kobject. This node holds a reference to it. */
  kobjParent: DeviceNode | null = null;
  /** Entries of its directory, by name; `null` until first used. See `of/sysfs-directory.ts`. */
  directory: Map<string, DeviceNode | LiveProperty> | null = null;

  readonly holders: HolderEntry[] = [{ who: 'initial', count: 1 }];
  /** Whether it was ever in the live tree. */
  wasAttached = false;
  /** of_node_release() is complete. */
  released = false;
  /** Freed without a release, as nodes from configure-connector that were never attached are. */
  discarded = false;
  #path: string | undefined;

  constructor(fullName: string, boot: boolean) {
    this.fullName = fullName;
    this.boot = boot;
    if (!boot) this.flags = OF_DYNAMIC;
  }

  /** `/ibm,platform-facilities/ibm,random-v1`, `/` for the root; without the side effects of `%pOF`. */
  get path(): string {
    if (this.#path !== undefined) return this.#path;
    if (this.parent === null) return this.boot ? '/' : this.fullName;
    const names = [this.fullName];
    let above: DeviceNode = this.parent;
    for (; above.#path === undefined && above.parent; above = above.parent) names.push(above.fullName);
    const start = above.#path ?? (above.boot ? '' : above.fullName);
    this.#path = `${start}/${names.reverse().join('/')}`;
    return this.#path;
  }

  has(flag: number): boolean {
    return (this.flags & flag) !== 0;
  }
}

/** of_find_property(): names are compared with strcmp (of_prop_cmp on powerpc). */
export function findProperty(np: DeviceNode, name: string): LiveProperty | null {
  for (let property = np.properties; property; property = property.next)
    if (property.name === name) return property;
  return null;
}

/** The bytes up to the first NUL, or all bytes if there is none. */
export function cString(value: Uint8Array, from = 0): string {
  const end = value.indexOf(0, from);
  return textAt(value, from, end < 0 ? value.length : end);
}

/** Whether a value, read as a C string, equals a Latin-1 text. */
export function equalsString(value: Uint8Array, text: string): boolean {
  if (value.length < text.length || (value.length > text.length && value[text.length] !== 0)) return false;
  for (let i = 0; i < text.length; i++) if (value[i] !== text.charCodeAt(i)) return false;
  return true;
}

/** of_device_is_compatible(): compares with each string of `compatible`, ignoring case. */
export function isCompatible(np: DeviceNode, wanted: string): boolean {
  const value = findProperty(np, 'compatible')?.value;
  if (!value) return false;
  for (let at = 0; at < value.length; ) {
    const text = cString(value, at);
    if (text === wanted || text.toLowerCase() === wanted.toLowerCase()) return true;
    at += text.length + 1;
  }
  return false;
}

/** `!strncmp(value, text, length of the value)`, as drivers compare: an empty value equals every text. */
export function startsString(value: Uint8Array, text: string): boolean {
  for (const [i, byte] of value.entries()) {
    if (byte !== (text.charCodeAt(i) || 0)) return false;
    if (byte === 0) break;
  }
  return true;
}

/** The first cell of a value, as of_read_number(value, 1) reads it; 0 where the value is too short. */
export function readCell(value: Uint8Array, index = 0): number {
  const at = 4 * index;
  if (at + 4 > value.length) return 0;
  // Creating a DataView would take longer than the rest.
  const high = ((value[at] ?? 0) << 8) | (value[at + 1] ?? 0);
  return high * 0x1_0000 + (((value[at + 2] ?? 0) << 8) | (value[at + 3] ?? 0));
}

/**
 * of_node_is_type() (include/linux/of.h, all releases). The kernel compares the value as a C string and reads past a value without
 * NUL. The model stops at the end of the value.
 */
export function isType(np: DeviceNode | null, type: string): boolean {
  const property = np && findProperty(np, 'device_type');
  return property !== null && equalsString(property.value, type);
}
