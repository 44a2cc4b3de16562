import { plural } from '../../base/index.ts';
import type { Holder, NodeReferences, ReferenceChange } from '../../partition/index.ts';
import { type HolderCount, type PageReference, type PageReferences, referenceStates } from './document.ts';

/** Holders that are listed for a node; the remainder is counted. A node with a thousand children is held by each. */
const MAX_HOLDERS = 40;

/**
 * Reference counts and holders at the end.
 * @param find the number of the node at a path
 * @returns the columns of the page, and the index in `list` of the node that a ledger's change is about
 */
export function pageReferences(
  references: readonly NodeReferences[],
  ledger: readonly ReferenceChange[],
  find: (path: string) => number | undefined,
): PageReferences & { readonly indexOf: (change: ReferenceChange) => number } {
  const list: PageReference[] = [];
  const holders: (readonly HolderCount[])[] = [];
  const unlistedPaths: string[] = [];
  const lists = new Map<string, number>();
  const known = new Map<string, number>();
  const numberOf = (path: string) => {
    const found = find(path);
    if (found !== undefined) return found;
    const index = unlistedPaths.indexOf(path);
    return index < 0 ? -unlistedPaths.push(path) : -1 - index;
  };
  const add = (one: Omit<NodeReferences, 'phandle'>) => {
    const held = shorten(one.holders);
    const key = JSON.stringify(held);
    const shared = lists.get(key) ?? holders.push(held) - 1;
    lists.set(key, shared);
    known.set(`${one.generation} ${one.path}`, list.length);
    const state = referenceStates.indexOf(one.state);
    list.push([numberOf(one.path), one.generation, one.boot ? 1 : 0, state, one.count, shared]);
  };
  for (const one of references) add(one);
  for (const { path, generation, count } of ledger) {
    if (known.has(`${generation} ${path}`)) continue;
    add({ path, generation, boot: false, state: 'released', count, holders: [] });
  }
  const indexOf = ({ generation, path }: ReferenceChange) => known.get(`${generation} ${path}`) ?? -1;
  return { list, holders, unlistedPaths, indexOf };
}

function shorten(holders: readonly Holder[]): HolderCount[] {
  const listed = holders.slice(0, MAX_HOLDERS).map(({ who, count }): HolderCount => [who, count]);
  const rest = holders.slice(MAX_HOLDERS);
  if (rest.length > 0)
    listed.push([plural(rest.length, 'more holder'), rest.reduce((sum, { count }) => sum + count, 0)]);
  return listed;
}
