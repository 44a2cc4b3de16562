import type { Tree, TreeNode } from './tree.ts';
import { sameBytes } from './values.ts';

/** Whether two trees are exactly the same: names, bytes, every order, reservations and boot CPU. */
export function sameTree(one: Tree, other: Tree): boolean {
  return one.bootCpu === other.bootCpu && sameReservations(one, other) && sameSubtree(one.root, other.root);
}

/** Whether two trees reserve the same ranges, in the same order. */
export function sameReservations(one: Tree, other: Tree): boolean {
  if (one.reservations.length !== other.reservations.length) return false;
  return one.reservations.every(({ address, size }, index) => {
    const reservation = other.reservations[index];
    return address === reservation?.address && size === reservation.size;
  });
}

/** Whether two nodes are exactly the same, with their subtrees. */
export function sameSubtree(one: TreeNode, other: TreeNode): boolean {
  const waiting: (readonly [TreeNode, TreeNode])[] = [[one, other]];
  for (let pair = waiting.pop(); pair !== undefined; pair = waiting.pop()) {
    const [left, right] = pair;
    if (left === right) continue;
    if (!sameNode(left, right) || left.children.length !== right.children.length) return false;
    for (const [index, child] of left.children.entries()) {
      const counterpart = right.children[index];
      if (counterpart !== undefined) waiting.push([child, counterpart]);
    }
  }
  return true;
}

/** Whether two nodes have the same name and the same properties in the same order; children are ignored. */
export function sameNode(one: TreeNode, other: TreeNode): boolean {
  if (one.name !== other.name || one.properties.length !== other.properties.length) return false;
  return one.properties.every(({ name, value }, index) => {
    const property = other.properties[index];
    return property?.name === name && sameBytes(value, property.value);
  });
}
