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

/** The nodes of several trees, merged by path, in the columns of `PageTree`. */
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
 * Merges the nodes of three trees by path. A node that only `wanted` has takes its properties from there. Iterative,
 * because trees from outside may be deeper than the stack.
 * @param leftOut paths of properties that are omitted from one of the trees, so that their absence is no change
 */
export function mergeTrees(
  before: Tree | undefined,
  after: Tree,
  wanted: Tree | undefined,
  leftOut: readonly string[],
): MergedTrees {
  const omitted = omittedIn(before ? [before, after] : [], leftOut);
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
    properties.push(mergeProperties(trio, omitted));
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

/** The children by name, those of before first, then after, then wanted; duplicates get the names that they have in sysfs. */
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

/** Names of the omitted properties, by node, which is faster than by path. */
type OmittedProperties = ReadonlyMap<TreeNode, ReadonlySet<string>>;

function omittedIn(trees: readonly Tree[], leftOut: readonly string[]): OmittedProperties {
  const omitted = new Map<TreeNode, Set<string>>();
  for (const path of leftOut) {
    for (const tree of trees) {
      const node = findByPath(tree, parentPath(path));
      if (node) omitted.set(node, (omitted.get(node) ?? new Set()).add(baseName(path)));
    }
  }
  return omitted;
}

function mergeProperties([old, now, aim]: Trio, omitted: OmittedProperties): PageProperty[] {
  const only = now ?? old ?? aim;
  if (!old || !now) return (only?.properties ?? []).map(({ name, value }) => [name, toHex(value)]);
  const was = new Map(old.properties.map(({ name, value }) => [name, value]));
  const isOmitted = (name: string) => omitted.get(old)?.has(name) || omitted.get(now)?.has(name);
  const merged = now.properties.map(({ name, value }): PageProperty => {
    const before = was.get(name);
    was.delete(name);
    if (isOmitted(name) || (before && sameBytes(before, value))) return [name, toHex(value)];
    return [name, toHex(value), before ? toHex(before) : null];
  });
  for (const [name, value] of was)
    merged.push(isOmitted(name) ? [name, toHex(value)] : [name, null, toHex(value)]);
  return merged;
}
