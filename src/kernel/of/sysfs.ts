import { EEXIST } from '../core/errno.ts';
import { KERN_WARNING } from '../core/log.ts';
import { type Frames, nullDereference, warn } from '../core/warn.ts';
import type { DeviceNode, LiveProperty } from './device-node.ts';
import { warnDuplicate, warnDuplicateKobject } from './duplicate.ts';
import type { OfKernel } from './of-kernel.ts';
import { nodeName } from './print.ts';
import { kobjectGet, kobjectPut, ofNodeGet, ofNodePut } from './reference.ts';
import { directoryOf, forgetDirectory, sysfsNames } from './sysfs-directory.ts';

/** Nodes and properties in sysfs (drivers/of/kobj.c). */

const MAX_TRIES = 16;
const attaching: Frames = ['__of_attach_node_sysfs'];

/**
 * safe_name(): the first free name of `name`, `name#1` and so on. After 16 tries it returns the last one even if it is taken. For a
 * directory that is no longer in sysfs it dereferences a null pointer, its kernfs node.
 */
function safeName(k: OfKernel, directory: DeviceNode, name: string, frames: Frames): string {
  if (!directory.inSysfs) nullDereference(k, ['kernfs_find_and_get_ns', 'safe_name', ...frames]);
  const entries = directoryOf(directory);
  let free = name;
  for (let tries = 0; tries < MAX_TRIES && entries.has(free); ) free = `${name}#${++tries}`;
  if (free !== name) {
    const shown = directory === k.of.root ? 'base' : directory.sysfsName;
    k.log.print(KERN_WARNING, `Duplicate name in ${shown}, renamed to "${free}"`);
  }
  return free;
}

/** __of_attach_node_sysfs(). On failure the node stays in the tree without a directory. */
export function attachSysfs(k: OfKernel, np: DeviceNode): void {
  const parent = np.parent;
  if (!parent) return;
  const name = safeName(k, parent, np.fullName, attaching);
  kobjectGet(k, parent, np, ['kobject_add_internal', 'kobject_add', ...attaching]);
  const entries = directoryOf(parent);
  if (entries.has(name)) {
    warnDuplicateKobject(k, sysfsPath(parent), name, attaching);
    kobjectPut(k, parent, np, ['kobject_add_internal', 'kobject_add', ...attaching]);
    return;
  }
  entries.set(name, np);
  np.sysfsName = name;
  np.inSysfs = true;
  np.kobjParent = parent;
  for (let property = np.properties; property; property = property.next) addPropertySysfs(k, np, property);
  ofNodeGet(k, np, 'sysfs', attaching);
}

/** __of_detach_node_sysfs(): removes the files in list order, then the directory, then drops the reference of sysfs. */
export function detachSysfs(k: OfKernel, np: DeviceNode, frames: Frames): void {
  const here = ['__of_detach_node_sysfs', ...frames];
  if (np.inSysfs) {
    for (let property = np.properties; property; property = property.next) removeFile(k, np, property, here);
    const parent = np.kobjParent;
    forgetDirectory(k, np);
    if (parent) kobjectPut(k, parent, np, ['kobject_del', ...here]);
  }
  ofNodePut(k, np, 'sysfs', here);
}

/** __of_add_property_sysfs(). */
export function addPropertySysfs(k: OfKernel, np: DeviceNode, property: LiveProperty): number {
  if (!np.inSysfs) return 0;
  const frames = ['__of_add_property_sysfs'];
  const name = safeName(k, np, property.name, frames);
  const entries = directoryOf(np);
  if (!entries.has(name)) {
    entries.set(name, property);
    property.sysfsName = name;
    return 0;
  }
  warnDuplicate(k, sysfsPath(np), name, ['sysfs_create_bin_file', ...frames]);
  const message = `error adding attribute ${property.name} to node ${nodeName(k, np)}`;
  warn(k, { message, place: 'drivers/of/kobj.c:83', frames });
  return -EEXIST;
}

/** __of_remove_property_sysfs(). */
export function removePropertySysfs(k: OfKernel, np: DeviceNode, property: LiveProperty): void {
  if (np.inSysfs) removeFile(k, np, property, ['__of_remove_property_sysfs']);
}

/** __of_update_property_sysfs(): unlike removal, it does not check whether the node is in sysfs. */
export function updatePropertySysfs(
  k: OfKernel,
  np: DeviceNode,
  now: LiveProperty,
  old: LiveProperty | null,
): void {
  if (old) removeFile(k, np, old, ['__of_update_property_sysfs']);
  addPropertySysfs(k, np, now);
}

function removeFile(k: OfKernel, np: DeviceNode, property: LiveProperty, frames: Frames): void {
  if (!np.inSysfs) {
    const message = `kernfs: can not remove '${property.sysfsName ?? property.name}', no directory`;
    const place = `fs/kernfs/dir.c:${k.release.sourceLines.kernfsRemove}`;
    warn(k, { message, place, frames: ['kernfs_remove_by_name_ns', 'sysfs_remove_bin_file', ...frames] });
    return;
  }
  if (property.sysfsName === null) return;
  const entries = directoryOf(np);
  if (entries.get(property.sysfsName) === property) entries.delete(property.sysfsName);
  property.sysfsName = null;
}

/** A node's directory from the root of sysfs. */
function sysfsPath(np: DeviceNode): string {
  return ['/firmware/devicetree/base', ...sysfsNames(np)].join('/');
}
