import { bootPhandle, joinPath, type Tree, type TreeNode } from '../../devicetree/index.ts';

/** A node of the kernel's tree. */
export interface LiveNode {
  readonly node: TreeNode;
  readonly phandle: number;
  readonly path: string;
  readonly parent: LiveNode | undefined;
  /** Number in preorder. */
  readonly number: number;
}

/** The nodes of the kernel's tree. */
export interface LiveIndex {
  /** Parents before children. */
  readonly nodes: readonly LiveNode[];
  /** The first node of each phandle in tree order, as a kernel's lookup finds it. */
  readonly byPhandle: ReadonlyMap<number, LiveNode>;
  childOf(parent: LiveNode, name: string): LiveNode | undefined;
  /** All nodes below a node. */
  descendants(top: LiveNode): readonly LiveNode[];
}

export function indexLive({ root }: Tree): LiveIndex {
  const nodes: LiveNode[] = [];
  const byPhandle = new Map<number, LiveNode>();
  const names = new Map<LiveNode, Map<string, LiveNode>>();
  const ahead: { node: TreeNode; parent: LiveNode | undefined }[] = [{ node: root, parent: undefined }];
  for (let next = ahead.pop(); next; next = ahead.pop()) {
    const { node, parent } = next;
    const path = parent ? joinPath(parent.path, node.name) : '/';
    const live: LiveNode = { node, phandle: bootPhandle(node), path, parent, number: nodes.length };
    nodes.push(live);
    if (live.phandle !== 0 && !byPhandle.has(live.phandle)) byPhandle.set(live.phandle, live);
    if (parent) nameIn(names, parent, live);
    for (let at = node.children.length - 1; at >= 0; at--) {
      const child = node.children[at];
      if (child) ahead.push({ node: child, parent: live });
    }
  }
  return {
    nodes,
    byPhandle,
    childOf: (parent, name) => names.get(parent)?.get(name),
    descendants(top) {
      let end = top.number + 1;
      // In preorder a subtree is contiguous; it ends before the first node whose parent precedes its top node.
      while ((nodes[end]?.parent?.number ?? -1) >= top.number) end++;
      return nodes.slice(top.number + 1, end);
    },
  };
}

function nameIn(names: Map<LiveNode, Map<string, LiveNode>>, parent: LiveNode, live: LiveNode): void {
  let siblings = names.get(parent);
  if (!siblings) {
    siblings = new Map();
    names.set(parent, siblings);
  }
  if (!siblings.has(live.node.name)) siblings.set(live.node.name, live);
}
