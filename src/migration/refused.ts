import { joinPath, type Tree, type TreeNode } from '../devicetree/index.ts';
import type { Refusal } from '../partition/index.ts';

/**
 * The tree without what the partition cannot have: neither firmware nor the verdict is to speak of that. A refused node
 * goes with all that is below it.
 */
export function withoutRefused(tree: Tree, refused: readonly Refusal[]): Tree {
  if (refused.length === 0) return tree;
  const nodes = new Set(refused.flatMap(({ path, property }) => (property === undefined ? [path] : [])));
  const properties = new Set(
    refused.flatMap(({ path, property }) => (property === undefined ? [] : [`${path}:${property}`])),
  );
  const strip = (node: TreeNode, path: string): TreeNode => ({
    ...node,
    properties: node.properties.filter(({ name }) => !properties.has(`${path}:${name}`)),
    children: node.children.flatMap((child) => {
      const place = joinPath(path, child.name);
      return nodes.has(place) ? [] : [strip(child, place)];
    }),
  });
  return { root: strip(tree.root, '/'), reservations: tree.reservations, bootCpu: tree.bootCpu };
}
