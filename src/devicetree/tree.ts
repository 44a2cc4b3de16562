/**
 * Trees at rest.
 *
 * A device tree is a hierarchy of nodes. A node has a name (`name@unit-address`), an ordered list of properties and an
 * ordered list of children. A property has a name and bytes; `values.ts` interprets the bytes, `phandles.ts` finds the node
 * of a phandle. Order is kept everywhere, because the kernel sees firmware's order: lookups take the first match.
 *
 * Trees are plain data and never change in place. Operations return new trees, which share unchanged nodes.
 *
 * Names are strings with one character for each byte (Latin-1), so names that are not ASCII survive a round trip.
 *
 * Source: Devicetree Specification v0.4, §2.2.
 */

/** A property of a node. */
export interface Property {
  /** Its name, one character for each byte. */
  readonly name: string;
  /** The exact bytes of the value; empty for a property whose existence is its value. */
  readonly value: Uint8Array;
}

/** A node with its subtree. */
export interface TreeNode {
  /** Name with unit address, such as `ibm,random-v1` or `l2-cache@2010`; the root's is `''`. */
  readonly name: string;
  /** Properties, in order. */
  readonly properties: readonly Property[];
  /** Child nodes, in order. */
  readonly children: readonly TreeNode[];
}

/** A range of physical memory that must not be used (Devicetree Specification §5.3). */
export interface Reservation {
  /** Physical address, bytes. */
  readonly address: bigint;
  /** Length, bytes. */
  readonly size: bigint;
}

/** A device tree. */
export interface Tree {
  /** The root node. */
  readonly root: TreeNode;
  /** Memory reservations, in order. */
  readonly reservations: readonly Reservation[];
  /** Physical id of the boot CPU (`boot_cpuid_phys`). */
  readonly bootCpu: number;
}

/**
 * Makes a node.
 *
 * ```ts
 * const root = node('', [cells('#address-cells', 1)], [node('cpus', [], [node('cpu@0')])]);
 * ```
 */
export function node(
  name: string,
  properties: readonly Property[] = [],
  children: readonly TreeNode[] = [],
): TreeNode {
  return { name, properties, children };
}

/** Makes a tree. */
export function tree(root: TreeNode, reservations: readonly Reservation[] = [], bootCpu = 0): Tree {
  return { root, reservations, bootCpu };
}

/** The property of that name, or undefined. Linear search: nodes have few properties. */
export function property(of: TreeNode, name: string): Property | undefined {
  for (const candidate of of.properties) if (candidate.name === name) return candidate;
  return undefined;
}

/** The first child of that name, as a kernel's lookup by path finds it; or undefined. */
export function child(of: TreeNode, name: string): TreeNode | undefined {
  for (const candidate of of.children) if (candidate.name === name) return candidate;
  return undefined;
}
