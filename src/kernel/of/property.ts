import { EEXIST, ENODEV } from '../core/errno.ts';
import type { Flow } from '../core/flow.ts';
import { shared } from '../core/watch.ts';
import type { DeviceNode, LiveProperty } from './device-node.ts';
import { propertyNotify } from './notifier.ts';
import type { OfKernel } from './of-kernel.ts';
import { addPropertySysfs, removePropertySysfs, updatePropertySysfs } from './sysfs.ts';

/** Changes of properties (drivers/of/base.c). Errors of notifiers are ignored. */

/** of_add_property(): a name that exists is an error. */
export function* ofAddProperty(k: OfKernel, np: DeviceNode, property: LiveProperty): Flow<number> {
  yield* takeMutex(k);
  const error = addProperty(k, np, property);
  k.of.mutex.unlock(k.scheduler);
  if (error === 0) yield* propertyNotify(k.of.notifiers, { action: 'add', node: np, property });
  return error;
}

/** of_remove_property(): the property moves to `deadprops`. */
export function* ofRemoveProperty(k: OfKernel, np: DeviceNode, property: LiveProperty | null): Flow<number> {
  if (!property) return -ENODEV;
  yield* takeMutex(k);
  const error = removeProperty(k, np, property);
  k.of.mutex.unlock(k.scheduler);
  if (error === 0) yield* propertyNotify(k.of.notifiers, { action: 'remove', node: np, property });
  return error;
}

/** of_update_property(): replaces or adds the property. Notifiers see an update in both cases. */
export function* ofUpdateProperty(k: OfKernel, np: DeviceNode, property: LiveProperty): Flow<number> {
  yield* takeMutex(k);
  const old = updateProperty(k, np, property);
  k.of.mutex.unlock(k.scheduler);
  yield* propertyNotify(k.of.notifiers, { action: 'update', node: np, property, old });
  return 0;
}

function* takeMutex(k: OfKernel): Flow<void> {
  if (!k.of.mutex.tryLock(k.scheduler)) yield* k.of.mutex.lock(k.scheduler);
}

/** __of_add_property() and __of_add_property_sysfs(). Since v6.12 it first takes the property off `deadprops`. */
export function addProperty(k: OfKernel, np: DeviceNode, property: LiveProperty): number {
  k.watcher?.write(shared.tree);
  revive(np, property);
  property.next = null;
  let last: LiveProperty | null = null;
  for (let at = np.properties; at; at = at.next) {
    if (at.name === property.name) return -EEXIST;
    last = at;
  }
  if (last) last.next = property;
  else np.properties = property;
  k.events.node('of', 'add-property', np, `add ${property.name} to`);
  addPropertySysfs(k, np, property);
  return 0;
}

/** __of_remove_property() and __of_remove_property_sysfs(). */
export function removeProperty(k: OfKernel, np: DeviceNode, property: LiveProperty): number {
  k.watcher?.write(shared.tree);
  let previous: LiveProperty | null = null;
  let at = np.properties;
  for (; at && at !== property; at = at.next) previous = at;
  if (!at) return -ENODEV;
  if (previous) previous.next = property.next;
  else np.properties = property.next;
  property.next = np.deadprops;
  np.deadprops = property;
  k.events.node('of', 'remove-property', np, `remove ${property.name} from`);
  removePropertySysfs(k, np, property);
  return 0;
}

/** __of_update_property() and __of_update_property_sysfs(). @returns the replaced property */
export function updateProperty(k: OfKernel, np: DeviceNode, property: LiveProperty): LiveProperty | null {
  k.watcher?.write(shared.tree);
  revive(np, property);
  let previous: LiveProperty | null = null;
  let old = np.properties;
  for (; old && old.name !== property.name; old = old.next) previous = old;
  property.next = old ? old.next : null;
  if (previous) previous.next = property;
  else np.properties = property;
  if (old) {
    old.next = np.deadprops;
    np.deadprops = old;
  }
  k.events.node('of', 'update-property', np, `update ${property.name} of`);
  updatePropertySysfs(k, np, property, old);
  return old;
}

/**
 * Takes a property off `deadprops`. Only the revert of a changeset adds such a property again. Before v6.12 the changeset itself
 * did this, with the same result.
 */
function revive(np: DeviceNode, property: LiveProperty): void {
  if (np.deadprops === property) {
    np.deadprops = property.next;
    return;
  }
  for (let at = np.deadprops; at; at = at.next) if (at.next === property) at.next = property.next;
}
