import { joinPath, type Tree, type TreeNode } from '../../devicetree/index.ts';

/** Nodes that a boot creates, not the server: parameters from the boot loader and prom_init (Devicetree Specification §3.6). */
const bootNodes = new Set(['/chosen']);

/** Whether a property belongs to this boot: properties that the kernel and prom_init add are named `linux,…`. */
export function isOfBoot(path: string, name: string): boolean {
  return name.startsWith('linux,') || bootNodes.has(path);
}

/**
 * The part of a tree that comes from the server: equal for two boots on the same server.
 * @param leftOut properties, by path, to remove: secrets that one of two captures hides
 */
export function firmwarePart(tree: Tree, leftOut: readonly string[]): Tree {
  return { ...tree, root: part(tree.root, '/', new Set(leftOut)) };
}

/** Recursive: the readers of trees bound their depth. */
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
