import type { PageTree } from '../../src/report/page/document.ts';

/** A page's tree with the children and the depth of each node. */
export interface TreeIndex {
  readonly tree: PageTree;
  /** Numbers of the children of each node, in order. */
  readonly children: readonly (readonly number[])[];
  readonly depths: readonly number[];
}

/** Computes children and depths. */
export function indexTree(tree: PageTree): TreeIndex {
  const children: number[][] = tree.names.map(() => []);
  const depths: number[] = [];
  // In preorder, a parent comes before its children.
  for (const [number, parent] of tree.parents.entries()) {
    depths.push(parent < 0 ? 0 : (depths[parent] ?? 0) + 1);
    children[parent]?.push(number);
  }
  return { tree, children, depths };
}

/** The path of a node. */
export function pathOf({ tree }: TreeIndex, number: number): string {
  const names: string[] = [];
  for (let at = number; at > 0; at = tree.parents[at] ?? -1) names.push(tree.names[at] ?? '');
  return `/${names.reverse().join('/')}`;
}

/** The number of the node at an absolute path. */
export function findPath({ tree, children }: TreeIndex, path: string): number | undefined {
  let at: number | undefined = 0;
  for (const name of path.split('/').filter((part) => part !== '')) {
    at = children[at ?? -1]?.find((child) => tree.names[child] === name);
  }
  return path.startsWith('/') ? at : undefined;
}

/** The ancestors of a node, the parent first. */
export function ancestors({ tree }: TreeIndex, number: number): number[] {
  const numbers: number[] = [];
  for (let at = tree.parents[number] ?? -1; at >= 0; at = tree.parents[at] ?? -1) numbers.push(at);
  return numbers;
}

/** The visible nodes in preorder: the root, and the children of each visible open node. */
export function openRows({ children }: TreeIndex, open: ReadonlySet<number>): number[] {
  const rows: number[] = [];
  const ahead = [0];
  for (let next = ahead.pop(); next !== undefined; next = ahead.pop()) {
    rows.push(next);
    if (!open.has(next)) continue;
    const below = children[next] ?? [];
    for (let at = below.length - 1; at >= 0; at--) ahead.push(below[at] ?? 0);
  }
  return rows;
}

/**
 * Nodes whose name, path or phandle matches, in preorder. A hexadecimal number with `0x` or of eight digits is a phandle;
 * a text with a slash is searched for in paths, another text in names.
 */
export function search(index: TreeIndex, query: string): number[] {
  const { names, phandles } = index.tree;
  const text = query.trim().toLowerCase();
  const digits = /^(?:0x([0-9a-f]{1,8})|([0-9a-f]{8}))$/.exec(text);
  const phandle = digits ? Number.parseInt(digits[1] ?? digits[2] ?? '', 16) : undefined;
  const last = text.slice(text.lastIndexOf('/') + 1);
  const found: number[] = [];
  for (const [number, name] of names.entries()) {
    if (phandle !== undefined && phandles[number] === phandle) found.push(number);
    // A matching path contains the last part in its own name, which is fast to check.
    else if (!name.toLowerCase().includes(last)) continue;
    else if (!text.includes('/') || pathOf(index, number).toLowerCase().includes(text)) found.push(number);
  }
  return found;
}

/** Nodes and their ancestors, in preorder. */
export function withAncestors(index: TreeIndex, numbers: readonly number[]): number[] {
  const shown = new Set<number>();
  for (const number of numbers) {
    for (let at = number; at >= 0 && !shown.has(at); at = index.tree.parents[at] ?? -1) shown.add(at);
  }
  return [...shown].sort((one, other) => one - other);
}
