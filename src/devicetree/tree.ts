/**
 * Trees at rest.
 *
 * A device tree is a hierarchy of nodes; a node has a name (`name@unit-address`), an ordered list of properties and an
 * ordered list of children; a property has a name and bytes. Nothing else: what the bytes mean is for `values.ts`,
 * which node a phandle names is for `phandles.ts`. Order is kept everywhere, because firmware's order is visible to
 * the kernel (lookups take the first match).
 *
 * Trees are plain data and are never changed in place; operations return new trees that share what did not change.
 *
 * Names are strings in which every character stands for one byte (Latin-1), so that a tree with names that are not
 * ASCII survives a round trip unharmed.
 *
 * Source: Devicetree Specification v0.4, §2.2.
 */

export interface Property {
  readonly name: string;
  /** The value's bytes, exactly; an empty value is a property that only exists. */
  readonly value: Uint8Array;
}

export interface TreeNode {
  /** Name with unit address, such as `ibm,random-v1` or `l2-cache@2010`; the root's is `''`. */
  readonly name: string;
  readonly properties: readonly Property[];
  readonly children: readonly TreeNode[];
}

/** A range of physical memory that must not be used (Devicetree Specification §5.3). */
export interface Reservation {
  /** Physical address, bytes. */
  readonly address: bigint;
  /** Length, bytes. */
  readonly size: bigint;
}

export interface Tree {
  readonly root: TreeNode;
  readonly reservations: readonly Reservation[];
  /** Physical id of the boot CPU (`boot_cpuid_phys`). */
  readonly bootCpu: number;
}

export function node(
  name: string,
  properties: readonly Property[] = [],
  children: readonly TreeNode[] = [],
): TreeNode {
  return { name, properties, children };
}

export function tree(root: TreeNode, reservations: readonly Reservation[] = [], bootCpu = 0): Tree {
  return { root, reservations, bootCpu };
}

/** The node's own property of that name. Linear in the node's properties, of which there are few. */
export function property(of: TreeNode, name: string): Property | undefined {
  for (const candidate of of.properties) if (candidate.name === name) return candidate;
  return undefined;
}

/** The first child of that name, as the kernel's lookups by path take the first. */
export function child(of: TreeNode, name: string): TreeNode | undefined {
  for (const candidate of of.children) if (candidate.name === name) return candidate;
  return undefined;
}
