import {
  asCell,
  asString,
  bootPhandle,
  property,
  type Tree,
  type TreeNode,
  walk,
} from '../../devicetree/index.ts';
import { fixes } from '../fixes.ts';
import type { Rule } from '../rule.ts';

export const orphanCache: Rule = {
  name: 'orphan-cache',
  severity: 'warning',
  title: 'orphan cache',
  why: 'No CPU refers to this cache, directly or through another cache. It belongs to the old server, or its CPU was removed without it. The next node of its name will be a duplicate.',
  remedy: 'Nothing while the partition runs. Restart it before CPUs are added or it migrates again.',
  fixedIn: [fixes.removesCaches],
  check: ({ after, before }) => {
    const old = new Set(before ? orphans(before.tree) : []);
    return orphans(after.tree)
      .filter((path) => !old.has(path))
      .map((path) => ({ subject: path, message: 'no CPU refers to it', evidence: [] }));
  },
};

/** Properties by which CPUs and caches name the cache behind them, as the kernel follows them (of_find_next_cache_node). */
const links = ['l2-cache', 'next-level-cache'];

function orphans(tree: Tree): string[] {
  const caches: { readonly path: string; readonly phandle: number; readonly node: TreeNode }[] = [];
  const ahead: TreeNode[] = [];
  for (const { path, node } of walk(tree)) {
    const type = asString(property(node, 'device_type')?.value);
    if (type === 'cpu') ahead.push(node);
    else if (type === 'cache') caches.push({ path, phandle: bootPhandle(node), node });
  }
  // A tree without a CPU is a part of a tree.
  if (ahead.length === 0) return [];
  const byPhandle = new Map(caches.map((cache) => [cache.phandle, cache]));
  const reached = new Set<number>();
  for (let node = ahead.pop(); node; node = ahead.pop()) {
    for (const link of links) {
      const phandle = asCell(property(node, link)?.value);
      const cache = phandle === undefined || reached.has(phandle) ? undefined : byPhandle.get(phandle);
      if (!cache) continue;
      reached.add(cache.phandle);
      ahead.push(cache.node);
    }
  }
  return caches.filter(({ phandle }) => !reached.has(phandle)).map(({ path }) => path);
}
