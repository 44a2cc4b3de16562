import { elementAt, type Layout } from '../layout.ts';
import type { PhandleReader } from '../phandles.ts';
import { type Pairing, Pairs, Queues } from './pairing.ts';

/**
 * Pairs the nodes of one partition at two times by phandle, whatever their paths.
 *
 * If a phandle occurs more than once (a kernel that kept the copy of a detached node), a node of the same name under the
 * same parent is preferred, then the order decides. If one of two nodes has no phandle, they are paired by name under the
 * same parent, siblings of one name by order.
 */
export function pairByPhandle(before: Layout, after: Layout, read: PhandleReader): Pairing {
  const pairs = new Pairs(before, after);
  const phandlesBefore = Float64Array.from(before.nodes, read);
  const phandlesAfter = Float64Array.from(after.nodes, read);
  const holdersBefore = holders(phandlesBefore);
  const holdersAfter = holders(phandlesAfter);
  for (let number = 1; number < phandlesAfter.length; number += 1) {
    const phandle = elementAt(phandlesAfter, number);
    const only = holdersBefore.only(phandle);
    if (only !== undefined && holdersAfter.only(phandle) !== undefined) pairs.pair(only, number);
  }
  pairChildren(pairs, phandlesBefore, phandlesAfter);
  const free = (number: number) => elementAt(pairs.toAfter, number) < 0;
  for (let number = 1; number < phandlesAfter.length; number += 1) {
    if (elementAt(pairs.toBefore, number) >= 0) continue;
    const next = holdersBefore.take(elementAt(phandlesAfter, number), free);
    if (next !== undefined) pairs.pair(next, number);
  }
  pairChildren(pairs, phandlesBefore, phandlesAfter);
  return pairs;
}

function holders(phandles: Float64Array): Queues<number> {
  const queues = new Queues<number>();
  for (const [number, phandle] of phandles.entries())
    if (number > 0 && phandle !== 0) queues.add(phandle, number);
  return queues;
}

/** Pairs the children of each pair by name, parents first: with the same phandle, else one without a phandle with any. */
function pairChildren(pairs: Pairs, phandlesBefore: Float64Array, phandlesAfter: Float64Array): void {
  const free = (number: number) => elementAt(pairs.toAfter, number) < 0;
  for (let parent = 0; parent < pairs.after.nodes.length; parent += 1) {
    const counterpart = elementAt(pairs.toBefore, parent);
    const children = counterpart < 0 ? [] : pairs.freeAfter(parent);
    if (children.length === 0) continue;
    const queues = new Queues<string>();
    for (const child of pairs.freeBefore(counterpart)) {
      const { name } = elementAt(pairs.before.nodes, child);
      const phandle = elementAt(phandlesBefore, child);
      queues.add(`${phandle} ${name}`, child);
      if (phandle !== 0) queues.add(`any ${name}`, child);
    }
    for (const child of children) {
      const { name } = elementAt(pairs.after.nodes, child);
      const phandle = elementAt(phandlesAfter, child);
      const found =
        queues.take(`${phandle} ${name}`, free) ??
        queues.take(phandle === 0 ? `any ${name}` : `0 ${name}`, free);
      if (found !== undefined) pairs.pair(found, child);
    }
  }
}
