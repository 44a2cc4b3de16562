import { elementAt, type Layout } from '../layout.ts';
import { bootPhandle, isOwnPhandle } from '../phandles.ts';
import { type NodeOfPhandle, referencesIn } from '../references.ts';
import type { Property } from '../tree.ts';
import { asCells, sameBytes } from '../values.ts';
import type { Pairing } from './pairing.ts';

/** Whether two properties of one name are equal; the numbers are those of their nodes. */
export type SameValue = (before: number, old: Property, after: number, now: Property) => boolean;

/** Compares bytes. */
export const sameValue: SameValue = (_before, old, _after, now) => sameBytes(old.value, now.value);

/**
 * Compares with normalised phandles: two references are equal if their nodes are a pair, whatever the numbers. Two dangling
 * references are equal if their numbers are. References are those of `referencesIn`; elsewhere a phandle is a number.
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
      // Equal references; the remaining cells are no phandles.
      cells[cell] = 0;
      otherCells[cell] = 0;
    }
    return cells.every((cell, index) => cell === otherCells[index]);
  };
}

/** Whether a property is a node's own phandle, which is only a label in a comparison by path; it must be one cell. */
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
