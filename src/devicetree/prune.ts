import { joinPath } from './paths.ts';
import type { Tree, TreeNode } from './tree.ts';

/**
 * Removes nodes, with their subtrees, and properties from a tree. The root stays. Iterative, because untrusted trees may be
 * deeper than the stack.
 *
 * @param isOut whether to remove a node, or a property of it
 */
export function prune(tree: Tree, isOut: (path: string, property?: string) => boolean): Tree {
  const kept = (node: TreeNode, path: string) => ({
    ...node,
    properties: node.properties.filter(({ name }) => !isOut(path, name)),
    children: [] as TreeNode[],
  });
  const root = kept(tree.root, '/');
  const ahead = [{ from: tree.root, to: root, path: '/' }];
  for (let next = ahead.pop(); next; next = ahead.pop()) {
    for (const child of next.from.children) {
      const path = joinPath(next.path, child.name);
      if (isOut(path)) continue;
      const to = kept(child, path);
      next.to.children.push(to);
      ahead.push({ from: child, to, path });
    }
  }
  return { root, reservations: tree.reservations, bootCpu: tree.bootCpu };
}
