import type { Flow } from '../core/flow.ts';
import { KERN_ERR } from '../core/log.ts';
import { nullDereference } from '../core/warn.ts';
import type { DeviceNode, LiveProperty } from './device-node.ts';
import { findProperty } from './device-node.ts';
import { attachNode, detachNode } from './dynamic.ts';
import { propertyNotify, type ReconfigData, reconfigNotify } from './notifier.ts';
import type { OfKernel } from './of-kernel.ts';
import { nodeName } from './print.ts';
import { addProperty, removeProperty, updateProperty } from './property.ts';
import { ofNodeGet, ofNodePut } from './reference.ts';

type Action = ReconfigData['action'];

interface Entry {
  action: Action;
  readonly node: DeviceNode;
  property: LiveProperty | null;
  old: LiveProperty | null;
}

const holder = 'changeset';

/** Names of actions in log lines. */
const actionNames: Readonly<Record<Action, string>> = {
  attach: 'ATTACH_NODE',
  detach: 'DETACH_NODE',
  add: 'ADD_PROPERTY',
  remove: 'REMOVE_PROPERTY',
  update: 'UPDATE_PROPERTY',
};

/**
 * struct of_changeset (drivers/of/dynamic.c): changes that are applied together or not at all. Notifiers are called after all
 * changes; their errors are logged and undo nothing.
 *
 * Detaching drops only the reference of sysfs, so a node that a changeset removed keeps its initial reference for ever.
 */
export class Changeset {
  readonly #entries: Entry[] = [];

  /** of_changeset_action(): takes a reference until `destroy`. */
  add(k: OfKernel, action: Action, node: DeviceNode, property: LiveProperty | null = null): void {
    ofNodeGet(k, node, holder, ['of_changeset_action']);
    const known = action === 'update' && property && !k.release.changesetFindsOldAtApply;
    this.#entries.push({ action, node, property, old: known ? findProperty(node, property.name) : null });
  }

  /** of_changeset_apply(). @returns 0 or a negative errno; errors of notifiers undo nothing */
  *apply(k: OfKernel): Flow<number> {
    if (!k.of.mutex.tryLock(k.scheduler)) yield* k.of.mutex.lock(k.scheduler);
    const error = this.#applyAll(k);
    k.of.mutex.unlock(k.scheduler);
    return error === 0 ? yield* notifyAll(k, this.#entries) : error;
  }

  /** of_changeset_revert(): the inverse changes in reverse order. */
  *revert(k: OfKernel): Flow<number> {
    if (!k.of.mutex.tryLock(k.scheduler)) yield* k.of.mutex.lock(k.scheduler);
    const error = this.#revertAll(k);
    k.of.mutex.unlock(k.scheduler);
    return error === 0 ? yield* notifyAll(k, this.#entries.toReversed().map(invert)) : error;
  }

  /** of_changeset_destroy(): puts the nodes. Applied changes stay. */
  destroy(k: OfKernel): void {
    for (const entry of this.#entries.toReversed())
      ofNodePut(k, entry.node, holder, ['of_changeset_destroy']);
    this.#entries.length = 0;
  }

  #applyAll(k: OfKernel): number {
    for (const [index, entry] of this.#entries.entries()) {
      const error = applyEntry(k, entry);
      if (error === 0) continue;
      k.log.print(KERN_ERR, `OF: Error applying changeset (${error})`);
      for (const done of this.#entries.slice(0, index).reverse()) applyEntry(k, invert(done));
      return error;
    }
    return 0;
  }

  #revertAll(k: OfKernel): number {
    for (let index = this.#entries.length - 1; index >= 0; index--) {
      const entry = this.#entries[index];
      const error = entry ? applyEntry(k, invert(entry)) : 0;
      if (error === 0) continue;
      k.log.print(KERN_ERR, `OF: Error reverting changeset (${error})`);
      for (const later of this.#entries.slice(index + 1)) applyEntry(k, later);
      return error;
    }
    return 0;
  }
}

function applyEntry(k: OfKernel, entry: Entry): number {
  const { action, node, property } = entry;
  if (action === 'attach') attachNode(k, node);
  else if (action === 'detach') detachNode(k, node);
  else if (property) {
    const error = applyProperty(k, entry, property);
    if (error !== 0) logFailure(k, entry);
    return error;
  }
  return 0;
}

function applyProperty(k: OfKernel, entry: Entry, property: LiveProperty): number {
  if (entry.action === 'add') return addProperty(k, entry.node, property);
  if (entry.action === 'remove') return removeProperty(k, entry.node, property);
  const replaced = updateProperty(k, entry.node, property);
  if (k.release.changesetFindsOldAtApply) entry.old = replaced;
  return 0;
}

/** Up to v6.1 the message dereferences the property, which actions on nodes do not have. */
function logFailure(k: OfKernel, { action, node, property }: Entry): void {
  const what = `${actionNames[action].padEnd(15)} ${nodeName(k, node)}`;
  if (!property && !k.release.changesetFindsOldAtApply) nullDereference(k, ['__of_changeset_entry_apply']);
  k.log.print(KERN_ERR, `OF: changeset: apply failed: ${what}${property ? `:${property.name}` : ''}`);
}

/** __of_changeset_entry_invert(). */
function invert(entry: Entry): Entry {
  const { action, node, property, old } = entry;
  if (action === 'attach') return { ...entry, action: 'detach' };
  if (action === 'detach') return { ...entry, action: 'attach' };
  if (action === 'add') return { ...entry, action: 'remove' };
  if (action === 'remove') return { ...entry, action: 'add' };
  if (old) return { action, node, property: old, old: property };
  return { action: 'remove', node, property, old: null };
}

function* notifyAll(k: OfKernel, entries: readonly Entry[]): Flow<number> {
  let last = 0;
  for (const { action, node, property, old } of entries) {
    const error = yield* notifyOne(k, action, node, property, old);
    if (error === 0) continue;
    k.log.print(KERN_ERR, `OF: changeset notifier error @${nodeName(k, node)}`);
    last = error;
  }
  return last;
}

function* notifyOne(
  k: OfKernel,
  action: Action,
  node: DeviceNode,
  property: LiveProperty | null,
  old: LiveProperty | null,
): Flow<number> {
  if (action === 'attach' || action === 'detach')
    return yield* reconfigNotify(k.of.notifiers, { action, node });
  if (!property) return 0;
  if (action === 'update') return yield* propertyNotify(k.of.notifiers, { action, node, property, old });
  return yield* propertyNotify(k.of.notifiers, { action, node, property });
}
