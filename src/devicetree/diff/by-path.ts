import { decodeLatin1 } from '../../base/index.ts';
import { elementAt, type Layout } from '../layout.ts';
import { nodeName } from '../paths.ts';
import { isOwnPhandle } from '../phandles.ts';
import { property, type TreeNode } from '../tree.ts';
import { sameBytes } from '../values.ts';
import { type Pairing, Pairs, Queues } from './pairing.ts';

/**
 * Pairs the nodes of two machines by path, siblings of one name by order.
 *
 * Of the remaining nodes, moved and renamed ones are paired. A node is moved if its name occurs once among the remaining
 * nodes of each tree. It is renamed if its name without unit address occurs once among the remaining children of paired
 * parents. Both need the same `device_type` and `compatible`, and at least half of the properties equal. All other nodes
 * are removed or new.
 */
export function pairByPath(before: Layout, after: Layout): Pairing {
  const pairs = new Pairs(before, after);
  for (let parent = 0; parent < after.nodes.length; parent += 1) pairSameNames(pairs, parent);
  pairMoved(pairs);
  for (let parent = 0; parent < after.nodes.length; parent += 1) {
    pairSameNames(pairs, parent);
    pairRenamed(pairs, parent);
  }
  return pairs;
}

function pairSameNames(pairs: Pairs, parent: number): void {
  const counterpart = elementAt(pairs.toBefore, parent);
  const children = counterpart < 0 ? [] : pairs.freeAfter(parent);
  if (children.length === 0) return;
  const queues = new Queues<string>();
  for (const child of pairs.freeBefore(counterpart))
    queues.add(elementAt(pairs.before.nodes, child).name, child);
  for (const child of children) {
    const found = queues.take(elementAt(pairs.after.nodes, child).name, () => true);
    if (found !== undefined) pairs.pair(found, child);
  }
}

function pairMoved(pairs: Pairs): void {
  const key = (node: TreeNode) => `${node.name}\0${typeOf(node)}`;
  const before = new Queues<string>();
  const after = new Queues<string>();
  for (const [number, node] of pairs.before.nodes.entries()) {
    if (elementAt(pairs.toAfter, number) < 0) before.add(key(node), number);
  }
  const left = Array.from(pairs.after.nodes.entries()).filter(
    ([number]) => elementAt(pairs.toBefore, number) < 0,
  );
  for (const [number, node] of left) after.add(key(node), number);
  for (const [, node] of left) pairIfAlike(pairs, before.only(key(node)), after.only(key(node)));
}

function pairRenamed(pairs: Pairs, parent: number): void {
  const counterpart = elementAt(pairs.toBefore, parent);
  const children = counterpart < 0 ? [] : pairs.freeAfter(parent);
  if (children.length === 0) return;
  const key = (node: TreeNode) => `${nodeName(node.name)}\0${typeOf(node)}`;
  const before = new Queues<string>();
  const after = new Queues<string>();
  for (const child of pairs.freeBefore(counterpart))
    before.add(key(elementAt(pairs.before.nodes, child)), child);
  for (const child of children) after.add(key(elementAt(pairs.after.nodes, child)), child);
  for (const child of children) {
    const own = key(elementAt(pairs.after.nodes, child));
    pairIfAlike(pairs, before.only(own), after.only(own));
  }
}

function pairIfAlike(pairs: Pairs, before: number | undefined, after: number | undefined): void {
  if (before === undefined || after === undefined || elementAt(pairs.toAfter, before) >= 0) return;
  if (alike(elementAt(pairs.before.nodes, before), elementAt(pairs.after.nodes, after)))
    pairs.pair(before, after);
}

function typeOf(node: TreeNode): string {
  const text = (name: string) => decodeLatin1(property(node, name)?.value ?? new Uint8Array(0));
  return `${text('device_type')}\0${text('compatible')}`;
}

/** Whether at least half of the properties are equal; those that depend on the place do not count. */
function alike(before: TreeNode, after: TreeNode): boolean {
  const counts = ({ name }: { readonly name: string }) => name !== 'reg' && !isOwnPhandle(name);
  const values = new Map(before.properties.filter(counts).map(({ name, value }) => [name, value]));
  const candidates = after.properties.filter(counts);
  let equal = 0;
  for (const { name, value } of candidates) {
    const other = values.get(name);
    if (other !== undefined && sameBytes(other, value)) equal += 1;
  }
  return equal * 2 >= Math.max(values.size, candidates.length);
}
