import { elementAt, type Layout } from '../layout.ts';
import { bootPhandle, isOwnPhandle } from '../phandles.ts';
import { type NodeOfPhandle, referencesIn } from '../references.ts';
import type { Property } from '../tree.ts';
import { asCells, sameBytes } from '../values.ts';
import type { Pairing } from './pairing.ts';

/** Whether two properties of one name say the same; the numbers are those of their nodes. */
export type SameValue = (before: number, old: Property, after: number, now: Property) => boolean;

/** Comparison of the bytes as they are. */
export const sameValue: SameValue = (_before, old, _after, now) => sameBytes(old.value, now.value);

/**
 * Comparison with phandles normalised: two references are the same if the nodes that they name are a pair, whatever
 * the numbers; two that name nothing, if the numbers are the same. References are known by `referencesIn`; anywhere
 * else a phandle is just a number.
 */
export function sameNormalised(before: Layout, after: Layout, pairing: Pairing): SameValue {
  const numbersBefore = numbersByPhandle(before);
  const numbersAfter = numbersByPhandle(after);
  const nodeBefore = nodeOf(before, numbersBefore);
  const nodeAfter = nodeOf(after, numbersAfter);
  return (numberBefore, old, numberAfter, now) => {
    const references = referencesIn(old, elementAt(before.nodes, numberBefore), nodeBefore);
    const others = references && referencesIn(now, elementAt(after.nodes, numberAfter), nodeAfter);
    if (!references || !others) return sameBytes(old.value, now.value);
    const cells = asCells(old.value) ?? [];
    const otherCells = asCells(now.value) ?? [];
    if (cells.length !== otherCells.length || references.length !== others.length) return false;
    for (const [index, { cell, phandle }] of references.entries()) {
      const other = elementAt(others, index);
      if (other.cell !== cell) return false;
      const target = numbersBefore.get(phandle);
      const counterpart = numbersAfter.get(other.phandle);
      const same =
        target === undefined || counterpart === undefined
          ? target === counterpart && phandle === other.phandle
          : elementAt(pairing.toAfter, target) === counterpart;
      if (!same) return false;
      // Settled; what is left in the cells are no phandles.
      cells[cell] = 0;
      otherCells[cell] = 0;
    }
    return cells.every((cell, index) => cell === otherCells[index]);
  };
}

/** A node's own phandle: in a comparison by path only a label. One that is not a cell is not one. */
export function isLabel({ name, value }: Property): boolean {
  return isOwnPhandle(name) && value.length === 4;
}

function numbersByPhandle(layout: Layout): Map<number, number> {
  const numbers = new Map<number, number>();
  for (const [number, node] of layout.nodes.entries()) {
    const phandle = bootPhandle(node);
    if (phandle !== 0 && !numbers.has(phandle)) numbers.set(phandle, number);
  }
  return numbers;
}

function nodeOf(layout: Layout, numbers: ReadonlyMap<number, number>): NodeOfPhandle {
  return (phandle) => layout.nodes[numbers.get(phandle) ?? -1];
}
