import type { DeviceNode, LiveProperty } from './device-node.ts';
import type { OfKernel } from './of-kernel.ts';

/**
 * Directories of /sys/firmware/devicetree. Nodes and properties share one name space, and names may differ from those of the
 * tree (`#1`).
 *
 * The index of a directory is created on first use. Most directories are never used, and until the first change the index
 * follows from the tree.
 */
export type Entry = DeviceNode | LiveProperty;

export function directoryOf(np: DeviceNode): Map<string, Entry> {
  if (np.directory) return np.directory;
  const entries = new Map<string, Entry>();
  for (let property = np.properties; property; property = property.next) {
    if (property.sysfsName !== null) entries.set(property.sysfsName, property);
  }
  for (let child = np.child; child; child = child.sibling) {
    if (isShown(child, np)) entries.set(child.sysfsName, child);
  }
  np.directory = entries;
  return entries;
}

/** Takes a node's directory out of sysfs (`__kobject_del`); the caller puts the parent. */
export function forgetDirectory(k: OfKernel, np: DeviceNode): void {
  if (np.kobjParent) {
    const entries = directoryOf(np.kobjParent);
    if (entries.get(np.sysfsName) === np) entries.delete(np.sysfsName);
  } else if (k.of.root === np) k.of.rootInSysfs = false;
  np.inSysfs = false;
  np.kobjParent = null;
}

/** Resolves names in sysfs, from the root of the tree. */
export function lookUp(k: OfKernel, names: readonly string[]): Entry | undefined {
  if (!k.of.rootInSysfs) return undefined;
  let at: Entry = k.of.root;
  for (const name of names) {
    if (!('fullName' in at)) return undefined;
    const next = entryOf(at, name);
    if (!next) return undefined;
    at = next;
  }
  return at;
}

/** One entry of a directory, without creating the index. Of entries with the same name it is the last, as in the index. */
function entryOf(np: DeviceNode, name: string): Entry | undefined {
  if (np.directory) return np.directory.get(name);
  let found: Entry | undefined;
  for (let property = np.properties; property; property = property.next) {
    if (property.sysfsName === name) found = property;
  }
  for (let child = np.child; child; child = child.sibling) {
    if (child.sysfsName === name && isShown(child, np)) found = child;
  }
  return found;
}

function isShown(child: DeviceNode, np: DeviceNode): boolean {
  return child.inSysfs && child.kobjParent === np;
}

/** Names of the directories from the root down to a node, in sysfs. */
export function sysfsNames(np: DeviceNode): string[] {
  const names: string[] = [];
  for (let at = np; at.kobjParent; at = at.kobjParent) names.push(at.sysfsName);
  return names.reverse();
}
