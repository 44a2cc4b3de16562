import fc from 'fast-check';
import {
  cells,
  findByPhandle,
  indexByPhandle,
  type Property,
  property,
  referencesIn,
  type Tree,
  type TreeNode,
  tree,
} from '../../src/devicetree/index.ts';
import { propertyValues, type TreeOptions, trees } from './trees.ts';

/** A node that may still change. */
interface Draft {
  name: string;
  properties: Property[];
  children: Draft[];
}

interface Edit {
  readonly kind: keyof typeof EDITS;
  readonly node: number;
  readonly other: number;
  readonly value: Uint8Array;
}

const draftOf = ({ name, properties, children }: TreeNode): Draft => ({
  name,
  properties: [...properties],
  children: children.map(draftOf),
});

function all(root: Draft): Draft[] {
  return [root, ...root.children.flatMap(all)];
}

function rotate<Element>(list: Element[], by: number): void {
  if (list.length > 1) list.push(...list.splice(0, 1 + (by % (list.length - 1))));
}

/** What may be done to a tree. `node` is never the root where it has to have a parent; `other` is any node. */
const EDITS = {
  'remove node': ({ parent, node }) => parent.children.splice(parent.children.indexOf(node), 1),
  'add node': ({ other, edit }) => {
    other.children.splice(edit.node % (other.children.length + 1), 0, {
      name: `new@${edit.node % 7}`,
      properties: [{ name: 'reg', value: edit.value }],
      children: [],
    });
  },
  'move node': ({ parent, node, other }) => {
    if (all(node).includes(other)) return;
    parent.children.splice(parent.children.indexOf(node), 1);
    other.children.push(node);
  },
  'rename node': ({ node, edit }) => {
    node.name = `${node.name.split('@')[0]}@${edit.other % 16}`;
  },
  'duplicate node': ({ parent, node, edit }) => {
    const at = edit.other % (parent.children.length + 1);
    parent.children.splice(at, 0, draftOf(node));
  },
  'reorder children': ({ other, edit }) => rotate(other.children, edit.node),
  'reorder properties': ({ other, edit }) => rotate(other.properties, edit.node),
  'add property': ({ other, edit }) =>
    other.properties.push({ name: `new${edit.node % 5}`, value: edit.value }),
  'remove property': ({ other, edit }) =>
    other.properties.splice(edit.node % (other.properties.length || 1), 1),
  'change property': ({ other, edit }) => {
    const at = edit.node % (other.properties.length || 1);
    const old = other.properties[at];
    if (old) other.properties[at] = { name: old.name, value: edit.value };
  },
} satisfies Record<string, (on: { parent: Draft; node: Draft; other: Draft; edit: Edit }) => unknown>;

function apply(root: Draft, edit: Edit): void {
  const nodes = all(root);
  const node = nodes[1 + (edit.node % Math.max(1, nodes.length - 1))];
  const parent = nodes.find(({ children }) => node !== undefined && children.includes(node));
  const other = nodes[edit.other % nodes.length];
  if (node && parent && other) EDITS[edit.kind]({ parent, node, other, edit });
}

export interface EditedTreePair {
  readonly before: Tree;
  readonly after: Tree;
  /** What was done, in order; may be nothing. */
  readonly edits: readonly (keyof typeof EDITS)[];
}

/**
 * A tree and an edited copy of it. The copy shares no node with it; names of siblings and phandles need not be unique
 * in either, because a duplicated node may be there before the edits too.
 */
export function editedTreePair(options: TreeOptions = {}): fc.Arbitrary<EditedTreePair> {
  const edit: fc.Arbitrary<Edit> = fc.record({
    kind: fc.constantFrom(...(Object.keys(EDITS) as (keyof typeof EDITS)[])),
    node: fc.nat(),
    other: fc.nat(),
    value: propertyValues,
  });
  return fc
    .record({
      start: trees(options),
      first: fc.array(fc.record({ ...fields, kind: fc.constant('duplicate node' as const) }), {
        maxLength: 2,
      }),
      edits: fc.array(edit, { maxLength: 6 }),
      header: fc.option(
        fc.record({ bootCpu: fc.nat(), address: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }) }),
      ),
    })
    .map(({ start, first, edits, header }) => {
      const root = draftOf(start.root);
      for (const each of first) apply(root, each);
      const before = tree(draftOf(root), start.reservations, start.bootCpu);
      for (const each of edits) apply(root, each);
      const reservations = header === null ? start.reservations : [{ address: header.address, size: 1n }];
      const after = tree(root, reservations, header === null ? start.bootCpu : header.bootCpu);
      return { before, after, edits: edits.map(({ kind }) => kind) };
    });
}

const fields = { node: fc.nat(), other: fc.nat(), value: propertyValues };

/** Trees in which nodes refer to each other, alone and with arguments. */
export function referringTrees(options: TreeOptions = {}): fc.Arbitrary<Tree> {
  return fc
    .tuple(trees(options), fc.array(fc.tuple(fc.nat(), fc.nat(), fc.nat(3)), { maxLength: 12 }))
    .map(([start, links]) => {
      const root = draftOf(start.root);
      const nodes = all(root);
      const targets = nodes.filter((node) => property(node, 'phandle'));
      for (const node of nodes) node.properties = node.properties.filter(({ name }) => name !== 'l2-cache');
      for (const target of targets) target.properties.push(cells('#interrupt-cells', 2));
      for (const [from, to, kind] of links) {
        const holder = nodes[from % nodes.length];
        const target = targets[to % Math.max(1, targets.length)];
        const phandle = target && indexOf(target);
        if (!holder || phandle === undefined) continue;
        const reference = [
          cells('l2-cache', phandle),
          cells('interrupt-parent', phandle),
          cells('interrupts-extended', phandle, 1, phandle, 0, phandle, 7, 8),
          cells('pinctrl-0', phandle, 0, phandle),
        ][kind];
        if (reference && !property(holder, reference.name)) holder.properties.push(reference);
      }
      return tree(root, start.reservations, start.bootCpu);
    });
}

function indexOf(target: TreeNode): number | undefined {
  const value = property(target, 'phandle')?.value;
  return value && new DataView(value.buffer, value.byteOffset).getUint32(0);
}

/** The same tree under other phandles, references included. */
export function renumbered(from: Tree, number: (phandle: number) => number): Tree {
  const index = indexByPhandle(from);
  const visit = (node: TreeNode): TreeNode => ({
    name: node.name,
    properties: node.properties.map((each) => {
      if (each.name === 'phandle' || each.name === 'linux,phandle' || each.name === 'ibm,phandle') {
        return cells(
          each.name,
          number(indexOf({ ...node, properties: [{ ...each, name: 'phandle' }] }) ?? 0),
        );
      }
      const value = each.value.slice();
      const references = referencesIn(each, node, (phandle) => findByPhandle(index, phandle)?.node) ?? [];
      for (const { cell, phandle } of references) {
        if (index.nodes.has(phandle)) new DataView(value.buffer).setUint32(cell * 4, number(phandle));
      }
      return { name: each.name, value };
    }),
    children: node.children.map(visit),
  });
  return tree(visit(from.root), from.reservations, from.bootCpu);
}
