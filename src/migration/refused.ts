import { prune, type Tree } from '../devicetree/index.ts';
import type { UnsupportedItem } from '../partition/index.ts';

/**
 * The tree without what the partition cannot have: neither firmware nor the verdict is to speak of that. A refused node
 * goes with all that is below it.
 */
export function withoutRefused(tree: Tree, refused: readonly UnsupportedItem[]): Tree {
  if (refused.length === 0) return tree;
  const nodes = new Set(refused.flatMap(({ path, property }) => (property === undefined ? [path] : [])));
  const properties = new Set(
    refused.flatMap(({ path, property }) => (property === undefined ? [] : [`${path}:${property}`])),
  );
  return prune(tree, (path, property) =>
    property === undefined ? nodes.has(path) : properties.has(`${path}:${property}`),
  );
}
