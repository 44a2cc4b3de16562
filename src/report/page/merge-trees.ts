import { toHex } from '../../base/index.ts';
import {
  baseName,
  bootPhandle,
  findByPath,
  parentPath,
  sameBytes,
  siblingNames,
  type Tree,
  type TreeNode,
} from '../../devicetree/index.ts';
import { type PageProperty, presenceBit } from './document.ts';

/** The trees before, after and wanted, laid over each other; `wanted` only where no observed tree has the node. */
export interface MergedTrees {
  readonly names: string[];
  readonly parents: number[];
  readonly presence: number[];
  readonly phandles: number[];
  readonly properties: (readonly PageProperty[])[];
  /** The number of the node at a path. */
  find(path: string): number | undefined;
}

type Trio = readonly [
  before: TreeNode | undefined,
  after: TreeNode | undefined,
  wanted: TreeNode | undefined,
];

/**
 * Iterative, since trees from outside may be deeper than the stack.
 * @param leftOut properties, by path, that one of the trees hides: that they are not there is no change
 */
export function mergeTrees(
  before: Tree | undefined,
  after: Tree,
  wanted: Tree | undefined,
  leftOut: readonly string[],
): MergedTrees {
  const hidden = hiddenIn(before ? [before, after] : [], leftOut);
  const names: string[] = [];
  const parents: number[] = [];
  const presence: number[] = [];
  const phandles: number[] = [];
  const properties: (readonly PageProperty[])[] = [];
  const children = new Map<string, number>();
  const ahead: { readonly name: string; readonly parent: number; readonly trio: Trio }[] = [
    { name: '', parent: -1, trio: [before?.root, after.root, wanted?.root] },
  ];
  for (let next = ahead.pop(); next; next = ahead.pop()) {
    const { name, parent, trio } = next;
    const [old, now, aim] = trio;
    const number = names.length;
    names.push(name);
    parents.push(parent);
    presence.push(
      (old ? presenceBit.before : 0) | (now ? presenceBit.after : 0) | (aim ? presenceBit.wanted : 0),
    );
    const any = now ?? old ?? aim;
    phandles.push(any ? bootPhandle(any) : 0);
    properties.push(mergeProperties(trio, hidden));
    children.set(`${parent} ${name}`, number);
    for (const [child, members] of [...mergeChildren(trio)].reverse()) {
      ahead.push({ name: child, parent: number, trio: members });
    }
  }
  const find = (path: string) => {
    if (!path.startsWith('/')) return undefined;
    let at: number | undefined = 0;
    for (const name of path.split('/').filter((part) => part !== '')) {
      at = children.get(`${at} ${name}`);
      if (at === undefined) return undefined;
    }
    return at;
  };
  return { names, parents, presence, phandles, properties, find };
}

/** Children of the three by name, in the order before, then after, then wanted; duplicates are told apart as in sysfs. */
function mergeChildren(trio: Trio): Map<string, Trio> {
  const merged = new Map<string, [TreeNode | undefined, TreeNode | undefined, TreeNode | undefined]>();
  for (const [at, node] of trio.entries()) {
    if (!node) continue;
    const names = siblingNames(node.children);
    for (const [index, child] of node.children.entries()) {
      const name = names[index] ?? child.name;
      const members = merged.get(name) ?? [undefined, undefined, undefined];
      members[at] = child;
      merged.set(name, members);
    }
  }
  return merged;
}

/** Names of the properties that are hidden, by the nodes of either tree: the path of each node would cost more. */
type Hidden = ReadonlyMap<TreeNode, ReadonlySet<string>>;

function hiddenIn(trees: readonly Tree[], leftOut: readonly string[]): Hidden {
  const hidden = new Map<TreeNode, Set<string>>();
  for (const path of leftOut) {
    for (const tree of trees) {
      const node = findByPath(tree, parentPath(path));
      if (node) hidden.set(node, (hidden.get(node) ?? new Set()).add(baseName(path)));
    }
  }
  return hidden;
}

function mergeProperties([old, now, aim]: Trio, hidden: Hidden): PageProperty[] {
  const only = now ?? old ?? aim;
  if (!old || !now) return (only?.properties ?? []).map(({ name, value }) => [name, toHex(value)]);
  const was = new Map(old.properties.map(({ name, value }) => [name, value]));
  const isHidden = (name: string) => hidden.get(old)?.has(name) || hidden.get(now)?.has(name);
  const merged = now.properties.map(({ name, value }): PageProperty => {
    const before = was.get(name);
    was.delete(name);
    if (isHidden(name) || (before && sameBytes(before, value))) return [name, toHex(value)];
    return [name, toHex(value), before ? toHex(before) : null];
  });
  for (const [name, value] of was)
    merged.push(isHidden(name) ? [name, toHex(value)] : [name, null, toHex(value)]);
  return merged;
}
