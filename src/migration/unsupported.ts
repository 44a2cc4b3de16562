import { prune, type Tree } from '../devicetree/index.ts';
import type { UnsupportedItem } from '../partition/index.ts';

/**
 * The tree without what the partition does not support, so that neither firmware nor the verdict mentions it. An unsupported
 * node is removed with its subtree.
 */
export function withoutUnsupported(tree: Tree, unsupported: readonly UnsupportedItem[]): Tree {
  if (unsupported.length === 0) return tree;
  const nodes = new Set(unsupported.flatMap(({ path, property }) => (property === undefined ? [path] : [])));
  const properties = new Set(
    unsupported.flatMap(({ path, property }) => (property === undefined ? [] : [`${path}:${property}`])),
  );
  return prune(tree, (path, property) =>
    property === undefined ? nodes.has(path) : properties.has(`${path}:${property}`),
  );
}
