/**
 * Which node a phandle names.
 *
 * A node of a partition has up to three properties with a phandle: `ibm,phandle`, which firmware uses in every RTAS call,
 * and `phandle` or `linux,phandle`, which come from a compiler or from the Open Firmware client interface. The numbers of
 * the client interface are a separate name space (LoPAR 2.9, system requirements; on a POWER7 partition they differ on
 * every node). Linux keeps one number per node, with different rules at boot and when a node is attached later.
 */

import { type Located, nodeName, unitAddress, walk } from './paths.ts';
import { type Property, property, type Tree, type TreeNode } from './tree.ts';
import { sameBytes } from './values.ts';

/** A way to read a node's phandle; 0 means that it has none. */
export type PhandleReader = (node: TreeNode) => number;

const OWN_PHANDLES: ReadonlySet<string> = new Set(['phandle', 'linux,phandle', 'ibm,phandle']);

/** Whether a property is a node's own phandle, rather than a reference to another node. */
export function isOwnPhandle(name: string): boolean {
  return OWN_PHANDLES.has(name);
}

/** The first cell of a value; undefined for fewer than four bytes. Called for every node: a DataView would take longer. */
function firstCell({ value }: Property): number | undefined {
  if (value.length < 4) return undefined;
  const high = ((value[0] ?? 0) << 8) | (value[1] ?? 0);
  const low = ((value[2] ?? 0) << 8) | (value[3] ?? 0);
  return ((high << 16) | low) >>> 0;
}

/**
 * The phandle of a node of the boot tree as Linux reads it: `phandle` and `linux,phandle` count only while none is
 * found, `ibm,phandle` always counts (populate_properties() in drivers/of/fdt.c, v5.10 to v7.2, on pseries).
 */
export function bootPhandle(node: TreeNode): number {
  return bootPhandleOf(node.properties);
}

/** `bootPhandle` of a node with these properties. */
export function bootPhandleOf(properties: readonly Property[]): number {
  let phandle = 0;
  for (const candidate of properties) {
    if (candidate.name === 'ibm,phandle') phandle = firstCell(candidate) ?? phandle;
    else if (phandle === 0 && isOwnPhandle(candidate.name)) phandle = firstCell(candidate) ?? 0;
  }
  return phandle;
}

/**
 * The phandle of a node as Linux reads it when the node is attached at run time: from the first of `phandle`,
 * `linux,phandle` and `ibm,phandle` that exists; a value of fewer than four bytes means 0 (__of_attach_node() in
 * drivers/of/dynamic.c, v5.10 to v7.2, on pseries).
 */
export function attachPhandle(node: TreeNode): number {
  const found = property(node, 'phandle') ?? property(node, 'linux,phandle') ?? property(node, 'ibm,phandle');
  return found === undefined ? 0 : (firstCell(found) ?? 0);
}

/** The nodes of a tree by phandle. */
export interface PhandleIndex {
  /** All nodes of a phandle, in tree order. */
  readonly nodes: ReadonlyMap<number, readonly Located[]>;
  /** Phandles of more than one node, in tree order of their first node. */
  readonly duplicates: readonly number[];
}

/**
 * Indexes the nodes of a tree by phandle; nodes without one are left out.
 *
 * ```ts
 * const index = indexByPhandle(before);
 * console.log(findByPhandle(index, 0xfffffff5)?.path);
 * ```
 *
 * @param read how phandles are read; default: as at boot
 */
export function indexByPhandle(tree: Tree, read: PhandleReader = bootPhandle): PhandleIndex {
  const nodes = new Map<number, Located[]>();
  for (const { path, node } of walk(tree)) {
    const phandle = read(node);
    if (phandle === 0) continue;
    const others = nodes.get(phandle);
    if (others === undefined) nodes.set(phandle, [{ path, node }]);
    else others.push({ path, node });
  }
  const duplicates = Array.from(nodes).filter(([, located]) => located.length > 1);
  return { nodes, duplicates: duplicates.map(([phandle]) => phandle) };
}

/** The node of a phandle; of several nodes the first in tree order, as a kernel's lookup finds it. */
export function findByPhandle(index: PhandleIndex, phandle: number): Located | undefined {
  return index.nodes.get(phandle)?.[0];
}

/** A difference that makes a node of the same phandle a different node. */
export type Identity = 'name' | 'unit-address' | 'device_type' | 'compatible';

/**
 * The differences that make two nodes of one phandle different nodes. Without any, all changes are updates of properties.
 * With `unit-address` alone it is the same device at another address: `diffTrees` reports it as renamed, but for a kernel,
 * which cannot rename a node, it is a different node.
 */
export function identityDifferences(before: TreeNode, after: TreeNode): Identity[] {
  const found: Identity[] = [];
  if (nodeName(before.name) !== nodeName(after.name)) found.push('name');
  if (unitAddress(before.name) !== unitAddress(after.name)) found.push('unit-address');
  for (const name of ['device_type', 'compatible'] as const) {
    const one = property(before, name)?.value;
    const other = property(after, name)?.value;
    const same = one === undefined || other === undefined ? one === other : sameBytes(one, other);
    if (!same) found.push(name);
  }
  return found;
}
