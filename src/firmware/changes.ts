import { encodeLatin1 } from '../base/index.ts';
import { isOwnPhandle, nodeName, property, sameBytes, type TreeNode } from '../devicetree/index.ts';
import type { PropertyChange } from './plan.ts';

const EMPTY: readonly PropertyChange[] = [];

/**
 * The property changes between two nodes: changed and new properties in the order of `after`, then deleted properties in
 * the order of `before`.
 *
 * The node's own phandle properties are left out: phandles are identity, and those of the client interface (`phandle`,
 * `linux,phandle`) are not firmware's. A missing `name` counts as the node's name without unit address: flattened trees
 * omit it, live trees have it.
 */
export function propertyChanges(before: TreeNode, after: TreeNode): readonly PropertyChange[] {
  if (before === after) return EMPTY;
  let changes: PropertyChange[] | undefined;
  for (const { name, value } of after.properties) {
    if (isOwnPhandle(name)) continue;
    const old = effectiveValue(before, name);
    if (old !== undefined && sameBytes(old, value)) continue;
    changes ??= [];
    changes.push({ name, value });
  }
  for (const { name, value } of before.properties) {
    if (isOwnPhandle(name) || property(after, name) !== undefined) continue;
    const now = effectiveValue(after, name) ?? null;
    if (now !== null && sameBytes(now, value)) continue;
    changes ??= [];
    changes.push({ name, value: now });
  }
  return changes ?? EMPTY;
}

/** The value of `name` for a node that does not have this property. */
export function impliedName(node: TreeNode): Uint8Array {
  return encodeLatin1(`${nodeName(node.name)}\0`);
}

function effectiveValue(node: TreeNode, name: string): Uint8Array | undefined {
  return property(node, name)?.value ?? (name === 'name' ? impliedName(node) : undefined);
}
