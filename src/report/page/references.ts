import type { Holder, NodeReferences, ReferenceChange } from '../../partition/index.ts';
import { type HolderCount, type PageReference, type PageReferences, referenceStates } from './document.ts';

/** More holders than anybody reads: a node with a thousand children is held by each. */
const MAX_HOLDERS = 40;

/** Holders as the page has them, and the place in the list of what a ledger's line is about. */
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
    const stray = unlistedPaths.indexOf(path);
    return stray < 0 ? -unlistedPaths.push(path) : -1 - stray;
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
  const shown = holders.slice(0, MAX_HOLDERS).map(({ who, count }): HolderCount => [who, count]);
  const rest = holders.slice(MAX_HOLDERS);
  if (rest.length > 0)
    shown.push([`${rest.length} more holders`, rest.reduce((sum, { count }) => sum + count, 0)]);
  return shown;
}
