import { node, type Property, type Tree, type TreeNode, tree } from '../../devicetree/index.ts';

interface Growing {
  readonly name: string;
  readonly properties: Property[];
  readonly children: Growing[];
}

/**
 * The tree in files and folders (`undefined`): a folder is a node, a file is a property. Nodes and properties are sorted by
 * name, because folders are not ordered.
 * @param files by path below the root; `''` is the root
 */
export function treeOfFiles(files: ReadonlyMap<string, Uint8Array | undefined>): Tree {
  const root: Growing = { name: '', properties: [], children: [] };
  const nodes = new Map<string, Growing>([['', root]]);
  const nodeAt = (path: string): Growing => {
    const known = nodes.get(path);
    if (known) return known;
    // An archive may omit the folders of its files. The depth of paths is bounded.
    const slash = path.lastIndexOf('/');
    const made: Growing = { name: path.slice(slash + 1), properties: [], children: [] };
    nodeAt(slash < 0 ? '' : path.slice(0, slash)).children.push(made);
    nodes.set(path, made);
    return made;
  };
  for (const [path, value] of files) {
    const slash = path.lastIndexOf('/');
    if (value === undefined) nodeAt(path);
    else
      nodeAt(slash < 0 ? '' : path.slice(0, slash)).properties.push({ name: path.slice(slash + 1), value });
  }
  return tree(finished(root));
}

function finished({ name, properties, children }: Growing): TreeNode {
  return node(name, properties.sort(byName), children.sort(byName).map(finished));
}

function byName(one: { readonly name: string }, other: { readonly name: string }): number {
  return one.name < other.name ? -1 : one.name > other.name ? 1 : 0;
}
