/**
 * Paths of nodes. A path is `/` for the root, else a slash before each name with its unit address:
 * `/cpus/l2-cache@2010`. If siblings share a name, the path means the first one, as in kernels
 * (`of_find_node_by_path` compares full names, drivers/of/base.c).
 *
 * Nothing here is recursive, so the depth of trees is not limited.
 */

import { child, type Tree, type TreeNode } from './tree.ts';

/** The path of a child. */
export function joinPath(parent: string, name: string): string {
  return parent === '/' ? `/${name}` : `${parent}/${name}`;
}

/** The path of the parent; the root is its own parent. */
export function parentPath(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash <= 0 ? '/' : path.slice(0, slash);
}

/** The last name of a path, with its unit address; `''` for the root. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** A name, or the last name of a path, without its unit address: `l2-cache` of `/cpus/l2-cache@2010`. */
export function nodeName(path: string): string {
  const base = baseName(path);
  const at = base.indexOf('@');
  return at < 0 ? base : base.slice(0, at);
}

/** The part after the `@`, such as `2010`; undefined if the name has none. */
export function unitAddress(path: string): string | undefined {
  const base = baseName(path);
  const at = base.indexOf('@');
  return at < 0 ? undefined : base.slice(at + 1);
}

/** A node with its path. */
export interface Located {
  /** Its path. */
  readonly path: string;
  /** The node. */
  readonly node: TreeNode;
}

/** A node that `walk` visits. */
export interface Visit extends Located {
  /** Undefined for the root. */
  readonly parent: TreeNode | undefined;
}

/** Every node, parents before children, siblings in their order. */
export function* walk(tree: Tree): Generator<Visit, void, undefined> {
  const stack: Visit[] = [{ path: '/', node: tree.root, parent: undefined }];
  for (let visit = stack.pop(); visit !== undefined; visit = stack.pop()) {
    yield visit;
    const { path, node } = visit;
    for (let index = node.children.length - 1; index >= 0; index -= 1) {
      const next = node.children[index];
      if (next !== undefined) stack.push({ path: joinPath(path, next.name), node: next, parent: node });
    }
  }
}

type FindChild = (parent: TreeNode, name: string) => TreeNode | undefined;

function descend(tree: Tree, path: string, find: FindChild): TreeNode | undefined {
  if (path === '/') return tree.root;
  if (!path.startsWith('/')) return undefined;
  let found: TreeNode | undefined = tree.root;
  for (let from = 1; found !== undefined && from <= path.length; ) {
    const slash = path.indexOf('/', from);
    const to = slash < 0 ? path.length : slash;
    found = find(found, path.slice(from, to));
    from = to + 1;
  }
  return found;
}

/**
 * The node at an absolute path, or undefined. Names are compared completely, with unit addresses; a relative path, or one
 * that ends in a slash, has no node. For many lookups in one tree use `indexByPath`.
 */
export function findByPath(tree: Tree, path: string): TreeNode | undefined {
  return descend(tree, path, child);
}

/** The paths of a tree, as a map. A path that several siblings share occurs once and means the first. */
export interface PathIndex extends Iterable<readonly [path: string, node: TreeNode]> {
  /** The node at a path, or undefined. */
  get(path: string): TreeNode | undefined;
  /** Whether a path has a node. */
  has(path: string): boolean;
  /** In tree order. */
  keys(): Iterable<string>;
}

/**
 * Indexes a tree for many lookups; their time does not depend on the number of siblings. The index keeps names, not paths:
 * the total length of the paths of a deep tree grows with the square of its depth.
 */
export function indexByPath(tree: Tree): PathIndex {
  const known = new Map<TreeNode, Map<string, TreeNode>>();
  const childrenOf = (parent: TreeNode) => {
    let names = known.get(parent);
    if (names === undefined) {
      names = new Map();
      for (const each of parent.children) if (!names.has(each.name)) names.set(each.name, each);
      known.set(parent, names);
    }
    return names;
  };
  const find: FindChild = (parent, name) => childrenOf(parent).get(name);
  function* entries(): Generator<readonly [string, TreeNode]> {
    const stack: (readonly [string, TreeNode])[] = [['/', tree.root]];
    for (let entry = stack.pop(); entry !== undefined; entry = stack.pop()) {
      yield entry;
      const [path, node] = entry;
      for (const [name, next] of Array.from(childrenOf(node)).reverse())
        stack.push([joinPath(path, name), next]);
    }
  }
  function* keys(): Generator<string> {
    for (const [path] of entries()) yield path;
  }
  return {
    get: (path) => descend(tree, path, find),
    has: (path) => descend(tree, path, find) !== undefined,
    keys,
    [Symbol.iterator]: entries,
  };
}
