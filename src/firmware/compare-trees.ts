import { bootPhandle, joinPath, type Located, type Tree, type TreeNode } from '../devicetree/index.ts';

/** A node that is in both trees. */
export interface NodePair {
  readonly path: string;
  readonly before: TreeNode;
  readonly after: TreeNode;
}

/** The topmost node of a subtree that is in one tree only. */
export interface UnpairedNode extends Located {
  /** Its parent, which is in both trees; from the source, because a kernel uses the source's phandles. */
  readonly parent: Located;
}

/** The result of comparing two trees, in tree order. */
export interface TreeComparison {
  readonly paired: readonly NodePair[];
  readonly removed: readonly UnpairedNode[];
  readonly added: readonly UnpairedNode[];
}

/** Whether a style treats two nodes of one path and phandle as different nodes. */
export type IsReplaced = (pair: NodePair, parentPath: string) => boolean;

/**
 * Pairs the nodes of two trees by path; siblings of one name by their order. Nodes with different phandles are different
 * nodes at one path, except for the root, which is unique.
 */
export function compareTrees(source: Tree, destination: Tree, isReplaced: IsReplaced): TreeComparison {
  const paired: NodePair[] = [];
  const removed: UnpairedNode[] = [];
  const added: UnpairedNode[] = [];
  const stack: (NodePair | { readonly removed: UnpairedNode })[] = [
    { path: '/', before: source.root, after: destination.root },
  ];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    if ('removed' in next) {
      removed.push(next.removed);
      continue;
    }
    paired.push(next);
    const { path, before, after } = next;
    const parent = { path, node: before };
    const counterparts = byName(after.children);
    const below: typeof stack = [];
    for (const node of before.children) {
      const childPath = joinPath(path, node.name);
      const namesakes = counterparts.get(node.name);
      const candidate = namesakes?.nodes[namesakes.paired];
      const pair = candidate && { path: childPath, before: node, after: candidate };
      if (namesakes && pair && samePhandle(node, pair.after) && !isReplaced(pair, path)) {
        namesakes.paired++;
        below.push(pair);
      } else below.push({ removed: { path: childPath, node, parent } });
    }
    for (let index = below.length - 1; index >= 0; index--) {
      const item = below[index];
      if (item !== undefined) stack.push(item);
    }
    for (const node of after.children) {
      const namesakes = counterparts.get(node.name);
      if (namesakes && namesakes.passed++ < namesakes.paired) continue;
      added.push({ path: joinPath(path, node.name), node, parent });
    }
  }
  return { paired, removed, added };
}

/** Siblings of one name: the first `paired` of them have a counterpart. */
interface Namesakes {
  readonly nodes: TreeNode[];
  paired: number;
  passed: number;
}

function byName(nodes: readonly TreeNode[]): Map<string, Namesakes> {
  const found = new Map<string, Namesakes>();
  for (const node of nodes) {
    const others = found.get(node.name);
    if (others === undefined) found.set(node.name, { nodes: [node], paired: 0, passed: 0 });
    else others.nodes.push(node);
  }
  return found;
}

function samePhandle(before: TreeNode, after: TreeNode): boolean {
  const one = bootPhandle(before);
  const other = bootPhandle(after);
  return one === other || one === 0 || other === 0;
}
