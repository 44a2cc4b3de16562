import { joinPath, type Tree, type TreeNode } from '../../devicetree/index.ts';

/**
 * Nodes that a boot makes and not the server: the boot loader's and prom_init's message to this kernel
 * (Devicetree Specification §3.6).
 */
const bootNodes = new Set(['/chosen']);

/** Whether a property is this boot's own; the kernel and prom_init name what they put into the tree `linux,…`. */
export function isOfBoot(path: string, name: string): boolean {
  return name.startsWith('linux,') || bootNodes.has(path);
}

/**
 * The part of a tree that two boots on one server have in common, so that one can be asked whether it is like the other.
 * @param leftOut properties, by path, that are not to be compared: secrets that one of two captures does not show
 */
export function firmwarePart(tree: Tree, leftOut: readonly string[]): Tree {
  return { ...tree, root: part(tree.root, '/', new Set(leftOut)) };
}

/** Recursive: what reads trees bounds their depth. */
function part(node: TreeNode, path: string, leftOut: ReadonlySet<string>): TreeNode {
  return {
    name: node.name,
    properties: node.properties.filter(
      ({ name }) => !isOfBoot(path, name) && !leftOut.has(joinPath(path, name)),
    ),
    children: node.children
      .filter(({ name }) => !bootNodes.has(joinPath(path, name)))
      .map((child) => part(child, joinPath(path, child.name), leftOut)),
  };
}
