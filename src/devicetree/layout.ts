/**
 * The nodes of a tree by number in preorder: 0 is the root, parents come before their children, siblings keep their order.
 * A number identifies a node even if siblings share a name or one node object occurs at several places.
 */

import { joinPath } from './paths.ts';
import { siblingNames } from './sysfs-names.ts';
import type { Tree, TreeNode } from './tree.ts';

/** The nodes of a tree by number. */
export interface Layout {
  readonly nodes: readonly TreeNode[];
  /** Number of each node's parent; -1 for the root. */
  readonly parents: Int32Array;
  /** One past the number of each node's last descendant; its next sibling has this number if it has one. */
  readonly ends: Int32Array;
}

export function createLayout(tree: Tree): Layout {
  const nodes: TreeNode[] = [];
  const parents: number[] = [];
  const waiting: TreeNode[] = [tree.root];
  const waitingParents: number[] = [-1];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    const number = nodes.length;
    nodes.push(node);
    parents.push(waitingParents.pop() ?? -1);
    for (let index = node.children.length - 1; index >= 0; index -= 1) {
      const child = node.children[index];
      if (child === undefined) continue;
      waiting.push(child);
      waitingParents.push(number);
    }
  }
  const ends = Int32Array.from(nodes, (_, number) => number + 1);
  for (let number = nodes.length - 1; number > 0; number -= 1) {
    const parent = elementAt(parents, number);
    ends[parent] = Math.max(elementAt(ends, parent), elementAt(ends, number));
  }
  return { nodes, parents: Int32Array.from(parents), ends };
}

/** An element that is known to exist. */
export function elementAt<Value>(list: { readonly [index: number]: Value }, index: number): Value {
  return list[index] as Value;
}

/** The numbers of a node's children, in order. */
export function childrenOf({ ends }: Layout, number: number): number[] {
  const children: number[] = [];
  for (let child = number + 1; child < elementAt(ends, number); child = elementAt(ends, child))
    children.push(child);
  return children;
}

/**
 * Paths by number; siblings of one name are distinguished as in sysfs (`l2-cache@2011#1`). Paths are made on demand.
 */
export function pathsOf(layout: Layout): (number: number) => string {
  const { nodes, parents } = layout;
  const names: string[] = [''];
  const paths: string[] = ['/'];
  const nameOf = (number: number) => {
    if (names[number] === undefined) {
      const parent = elementAt(parents, number);
      const unique = siblingNames(elementAt(nodes, parent).children);
      for (const [index, child] of childrenOf(layout, parent).entries())
        names[child] = elementAt(unique, index);
    }
    return elementAt(names, number);
  };
  return (number) => {
    const missing: number[] = [];
    for (let up = number; paths[up] === undefined; up = elementAt(parents, up)) missing.push(up);
    for (const each of missing.reverse()) {
      paths[each] = joinPath(elementAt(paths, elementAt(parents, each)), nameOf(each));
    }
    return elementAt(paths, number);
  };
}
