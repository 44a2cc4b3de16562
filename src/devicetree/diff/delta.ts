import { toHex } from '../../base/index.ts';
import { sameNode, sameReservations } from '../equal.ts';
import { childrenOf, createLayout, elementAt, type Layout } from '../layout.ts';
import type { Property, Tree, TreeNode } from '../tree.ts';
import { sameBytes } from '../values.ts';
import { pairByPath } from './by-path.ts';
import type { Pairing } from './pairing.ts';

/** A range of elements in a list of the base node of an edit. */
export type IndexRange = readonly [start: number, count: number];

/** A property whose bytes are lower-case hexadecimal digits. */
export interface NewProperty {
  /** Name of the property. */
  readonly name: string;
  /** Its bytes. */
  readonly hex: string;
}

/**
 * How to make one node. Absent parts are those of the base node; an edit with neither name nor lists is the base node with
 * its subtree.
 */
export interface NodeEdit {
  /** Number of the base node in the tree before (preorder, root 0); absent: no base node. */
  readonly base?: number;
  /** The new name. */
  readonly name?: string;
  /** All properties in order: ranges of those of the base node, and new ones. */
  readonly properties?: readonly (IndexRange | NewProperty)[];
  /** A range copies children of the base node with their subtrees; a number is the node of that edit of the delta. */
  readonly children?: readonly (IndexRange | number)[];
}

/**
 * How to make one tree from another exactly, with order, reservations and boot CPU. Plain data for JSON; its size is about
 * that of the changes. Each edit except the first is used once, by an earlier edit.
 */
export interface Delta {
  /** The edits; the first makes the root. */
  readonly nodes: readonly NodeEdit[];
  /** All reservations, if they changed; decimal numbers. */
  readonly reservations?: readonly { readonly address: string; readonly size: string }[];
  /** The boot CPU, if it changed. */
  readonly bootCpu?: number;
}

/**
 * Computes the delta with which `applyDelta` makes `after` from `before`. Time is proportional to the size of the trees. Moved
 * nodes are found as in a comparison by path; other new nodes are in the delta completely.
 *
 * ```ts
 * const delta = createDelta(before, after);
 * sameTree(applyDelta(before, delta), after); // true
 * ```
 */
export function createDelta(before: Tree, after: Tree): Delta {
  const layouts = { before: createLayout(before), after: createLayout(after) };
  const pairing = pairByPath(layouts.before, layouts.after);
  const nodes = edits(layouts.before, layouts.after, pairing);
  const reservations = after.reservations.map(({ address, size }) => ({
    address: `${address}`,
    size: `${size}`,
  }));
  return {
    nodes,
    ...(sameReservations(before, after) ? {} : { reservations }),
    ...(before.bootCpu === after.bootCpu ? {} : { bootCpu: after.bootCpu }),
  };
}

function edits(before: Layout, after: Layout, pairing: Pairing): NodeEdit[] {
  const unchanged = unchangedSubtrees(before, after, pairing);
  const ordinals = ordinalsOf(before);
  const made: NodeEdit[] = [];
  const wanted = [0];
  for (let index = 0; index < wanted.length; index += 1) {
    const number = elementAt(wanted, index);
    const node = elementAt(after.nodes, number);
    const base = elementAt(pairing.toBefore, number);
    if (unchanged[number] === 1) {
      made.push({ base });
      continue;
    }
    const children: (IndexRange | number)[] = [];
    for (const child of childrenOf(after, number)) {
      const from = elementAt(pairing.toBefore, child);
      if (unchanged[child] === 1 && elementAt(before.parents, from) === base)
        addToRun(children, elementAt(ordinals, from));
      else children.push(wanted.push(child) - 1);
    }
    made.push(
      base < 0 ? newNode(node, children) : changedNode(base, elementAt(before.nodes, base), node, children),
    );
  }
  return made;
}

function newNode(node: TreeNode, children: readonly (IndexRange | number)[]): NodeEdit {
  return { name: node.name, properties: node.properties.map(newProperty), children };
}

function changedNode(
  base: number,
  old: TreeNode,
  now: TreeNode,
  children: readonly (IndexRange | number)[],
): NodeEdit {
  const properties = propertyEdits(old.properties, now.properties);
  return {
    base,
    ...(old.name === now.name ? {} : { name: now.name }),
    ...(isWhole(properties, old.properties.length) ? {} : { properties }),
    ...(isWhole(children, old.children.length) ? {} : { children }),
  };
}

function propertyEdits(old: readonly Property[], now: readonly Property[]): (IndexRange | NewProperty)[] {
  const indexes = new Map(old.map(({ name }, index) => [name, index]));
  const used = new Set<number>();
  const found: (IndexRange | NewProperty)[] = [];
  for (const [position, property] of now.entries()) {
    // The same position first: the map has only the last of several properties of one name.
    const candidates = [position, indexes.get(property.name) ?? -1];
    const index = candidates.find((each) => {
      const other = old[each];
      return !used.has(each) && other?.name === property.name && sameBytes(other.value, property.value);
    });
    if (index === undefined) found.push(newProperty(property));
    else {
      used.add(index);
      addToRun(found, index);
    }
  }
  return found;
}

function newProperty({ name, value }: Property): NewProperty {
  return { name, hex: toHex(value) };
}

function addToRun(list: unknown[], index: number): void {
  const last = list.at(-1);
  if (Array.isArray(last) && last[0] + last[1] === index) last[1] += 1;
  else list.push([index, 1]);
}

/** Whether a list of edits is the whole old list of this length. */
function isWhole(list: readonly unknown[], length: number): boolean {
  if (length === 0) return list.length === 0;
  const [run] = list;
  return list.length === 1 && Array.isArray(run) && run[0] === 0 && run[1] === length;
}

/** Marks the nodes of the tree after whose subtrees equal those of their counterparts. */
function unchangedSubtrees(before: Layout, after: Layout, pairing: Pairing): Uint8Array {
  const marks = new Uint8Array(after.nodes.length);
  for (let number = marks.length - 1; number >= 0; number -= 1) {
    const counterpart = elementAt(pairing.toBefore, number);
    if (counterpart < 0) continue;
    const [old, now] = [elementAt(before.nodes, counterpart), elementAt(after.nodes, number)];
    if (!sameNode(old, now) || old.children.length !== now.children.length) continue;
    if (sameChildren(before, after, pairing, marks, counterpart, number)) marks[number] = 1;
  }
  return marks;
}

function sameChildren(
  before: Layout,
  after: Layout,
  pairing: Pairing,
  marks: Uint8Array,
  from: number,
  to: number,
): boolean {
  let old = from + 1;
  for (let child = to + 1; child < elementAt(after.ends, to); child = elementAt(after.ends, child)) {
    if (marks[child] !== 1 || elementAt(pairing.toBefore, child) !== old) return false;
    old = elementAt(before.ends, old);
  }
  return true;
}

/** The index of each node among the children of its parent. */
function ordinalsOf({ nodes, parents }: Layout): Int32Array {
  const ordinals = new Int32Array(nodes.length);
  const counts = new Int32Array(nodes.length);
  for (let number = 1; number < nodes.length; number += 1) {
    const parent = elementAt(parents, number);
    ordinals[number] = elementAt(counts, parent);
    counts[parent] = elementAt(counts, parent) + 1;
  }
  return ordinals;
}
