import { fromHex, InputError, isHex } from '../../base/index.ts';
import { childrenOf, createLayout, elementAt, type Layout } from '../layout.ts';
import type { Property, Reservation, Tree, TreeNode } from '../tree.ts';
import type { Delta, IndexRange, NodeEdit } from './delta.ts';

/**
 * Applies a delta to the tree that it was made for. The delta may be untrusted JSON.
 * @throws InputError with the place in the delta if it does not fit the tree, or uses a part of the tree twice
 */
export function applyDelta(before: Tree, delta: Delta): Tree {
  const layout = createLayout(before);
  const taken = new Uint8Array(layout.nodes.length);
  const edits = list<NodeEdit>(delta?.nodes, 'nodes');
  const made: (TreeNode | undefined)[] = [];
  // Backwards, because an edit uses only later ones.
  for (let index = edits.length - 1; index >= 0; index -= 1) {
    const place = `nodes[${index}]`;
    const useMade = (other: number) => {
      const node = Number.isInteger(other) && other > index ? made[other] : undefined;
      if (node === undefined) throw wrong(`${place}.children`, `${other} is no edit that is left to use`);
      made[other] = undefined;
      return node;
    };
    made[index] = makeNode(layout, taken, elementAt(edits, index), place, useMade);
  }
  const [root, ...rest] = made;
  if (root === undefined) throw wrong('nodes', 'there is no edit for the root');
  if (rest.some((node) => node !== undefined)) throw wrong('nodes', 'an edit is not used');
  const bootCpu = delta.bootCpu === undefined ? before.bootCpu : whole(delta.bootCpu, 2 ** 32, 'bootCpu');
  const reservations =
    delta.reservations === undefined
      ? before.reservations
      : list<unknown>(delta.reservations, 'reservations').map(reservationOf);
  return { root, reservations, bootCpu };
}

function makeNode(
  layout: Layout,
  taken: Uint8Array,
  edit: NodeEdit,
  place: string,
  useMade: (index: number) => TreeNode,
): TreeNode {
  const { base, name, properties, children } = edit ?? {};
  if (base === undefined) {
    const nothing = { name: '', properties: [], children: [] };
    if (name === undefined) throw wrong(place, 'neither a base nor a name');
    return {
      name: text(name, `${place}.name`),
      properties: propertiesOf(nothing, properties ?? [], place),
      children: list<number>(children ?? [], `${place}.children`).map(useMade),
    };
  }
  const number = whole(base, layout.nodes.length, `${place}.base`);
  const old = elementAt(layout.nodes, number);
  take(taken, number, number + 1, place);
  if (children === undefined) take(taken, number + 1, elementAt(layout.ends, number), place);
  if (name === undefined && properties === undefined && children === undefined) return old;
  return {
    name: name === undefined ? old.name : text(name, `${place}.name`),
    properties: properties === undefined ? old.properties : propertiesOf(old, properties, place),
    children:
      children === undefined ? old.children : childrenFrom(layout, taken, number, children, place, useMade),
  };
}

function childrenFrom(
  layout: Layout,
  taken: Uint8Array,
  base: number,
  children: readonly (IndexRange | number)[],
  place: string,
  useMade: (index: number) => TreeNode,
): TreeNode[] {
  const numbers = childrenOf(layout, base);
  return list<IndexRange | number>(children, `${place}.children`).flatMap((each) => {
    if (typeof each === 'number') return useMade(each);
    return elements(numbers, each, `${place}.children`).map((child) => {
      take(taken, child, elementAt(layout.ends, child), place);
      return elementAt(layout.nodes, child);
    });
  });
}

function propertiesOf(
  old: TreeNode,
  properties: NonNullable<NodeEdit['properties']>,
  place: string,
): Property[] {
  const used = new Set<number>();
  const indexes = Array.from(old.properties.keys());
  return list<(typeof properties)[number]>(properties, `${place}.properties`).flatMap((each) => {
    if ('hex' in Object(each)) {
      const { name, hex } = each as { name: unknown; hex: unknown };
      return { name: text(name, `${place}.properties`), value: bytesOf(hex, `${place}.properties`) };
    }
    return elements(indexes, each as IndexRange, `${place}.properties`).map((index) => {
      if (used.has(index)) throw wrong(`${place}.properties`, `property ${index} is taken twice`);
      used.add(index);
      return elementAt(old.properties, index);
    });
  });
}

/** Marks nodes of the tree before as used; if a part could be used twice, a small delta could make a huge tree. */
function take(taken: Uint8Array, from: number, to: number, place: string): void {
  for (let number = from; number < to; number += 1) {
    if (taken[number] === 1) throw wrong(place, `node ${number} is taken twice`);
    taken[number] = 1;
  }
}

function elements(from: readonly number[], run: IndexRange, place: string): readonly number[] {
  const [start, count] = list<number>(run, place);
  whole(start, from.length, place);
  whole(count, from.length - elementAt(run, 0) + 1, place);
  return from.slice(start, elementAt(run, 0) + elementAt(run, 1));
}

function reservationOf(reservation: unknown, index: number): Reservation {
  const number = (digits: unknown) => {
    const found = typeof digits === 'string' && /^[0-9]{1,20}$/.test(digits) ? BigInt(digits) : -1n;
    if (found === BigInt.asUintN(64, found)) return found;
    throw wrong(`reservations[${index}]`, `${digits} is no unsigned 64-bit number`);
  };
  const { address, size } = Object(reservation);
  return { address: number(address), size: number(size) };
}

function bytesOf(hex: unknown, place: string): Uint8Array {
  if (typeof hex !== 'string' || !isHex(hex)) throw wrong(place, 'no hexadecimal');
  return fromHex(hex);
}

function list<Element>(value: unknown, place: string): readonly Element[] {
  if (!Array.isArray(value)) throw wrong(place, 'not a list');
  return value;
}

function text(value: unknown, place: string): string {
  if (typeof value !== 'string' || /[^\0-\xff]/.test(value)) throw wrong(place, 'no name of single bytes');
  return value;
}

function whole(value: unknown, below: number, place: string): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < below) return value;
  throw wrong(place, `${value} is not a whole number below ${below}`);
}

function wrong(place: string, what: string): InputError {
  return new InputError(`${place}: ${what}`, {}, { hint: 'apply a delta to the tree that it was made for' });
}
