import type { PageTree } from '../../src/report/page/document.ts';

/** A page's tree with what is asked of it again and again. */
export interface TreeIndex {
  readonly tree: PageTree;
  /** Numbers of each node's children, in order. */
  readonly children: readonly (readonly number[])[];
  readonly depths: readonly number[];
}

export function indexTree(tree: PageTree): TreeIndex {
  const children: number[][] = tree.names.map(() => []);
  const depths: number[] = [];
  // Parents stand before their children.
  for (const [number, parent] of tree.parents.entries()) {
    depths.push(parent < 0 ? 0 : (depths[parent] ?? 0) + 1);
    children[parent]?.push(number);
  }
  return { tree, children, depths };
}

export function pathOf({ tree }: TreeIndex, number: number): string {
  const names: string[] = [];
  for (let at = number; at > 0; at = tree.parents[at] ?? -1) names.push(tree.names[at] ?? '');
  return `/${names.reverse().join('/')}`;
}

export function findPath({ tree, children }: TreeIndex, path: string): number | undefined {
  let at: number | undefined = 0;
  for (const name of path.split('/').filter((part) => part !== '')) {
    at = children[at ?? -1]?.find((child) => tree.names[child] === name);
  }
  return path.startsWith('/') ? at : undefined;
}

/** All above a node, from its parent up. */
export function ancestors({ tree }: TreeIndex, number: number): number[] {
  const above: number[] = [];
  for (let at = tree.parents[number] ?? -1; at >= 0; at = tree.parents[at] ?? -1) above.push(at);
  return above;
}

/** The nodes to show, in preorder: below each open one its children. */
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
 * Nodes whose path or phandle matches, in preorder. A number in hex, with `0x` or eight digits, is a phandle; text with a
 * slash is looked for in paths, other text in names.
 */
export function search(forest: TreeIndex, query: string): number[] {
  const { names, phandles } = forest.tree;
  const text = query.trim().toLowerCase();
  const digits = /^(?:0x([0-9a-f]{1,8})|([0-9a-f]{8}))$/.exec(text);
  const phandle = digits ? Number.parseInt(digits[1] ?? digits[2] ?? '', 16) : undefined;
  const last = text.slice(text.lastIndexOf('/') + 1);
  const found: number[] = [];
  for (const [number, name] of names.entries()) {
    if (phandle !== undefined && phandles[number] === phandle) found.push(number);
    // A path that matches matches from its last name on, which is quick to see.
    else if (!name.toLowerCase().includes(last)) continue;
    else if (!text.includes('/') || pathOf(forest, number).toLowerCase().includes(text)) found.push(number);
  }
  return found;
}

/** Matches and all above them, in preorder. */
export function withAncestors(forest: TreeIndex, numbers: readonly number[]): number[] {
  const shown = new Set<number>();
  for (const number of numbers) {
    for (let at = number; at >= 0 && !shown.has(at); at = forest.tree.parents[at] ?? -1) shown.add(at);
  }
  return [...shown].sort((one, other) => one - other);
}
