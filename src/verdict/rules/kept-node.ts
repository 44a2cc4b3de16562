import { indexByPath } from '../../devicetree/index.ts';
import type { Rule } from '../rule.ts';

export const keptNode: Rule = {
  name: 'kept-node',
  severity: 'stale',
  title: 'kept node',
  why: 'The destination has no such node, yet the live tree still shows it: what it describes is no longer there.',
  remedy: 'Restart the partition to have the tree of its new server.',
  fixedIn: [],
  check: ({ after, destination, source }) => {
    if (!destination || !source) return [];
    const there = indexByPath(after.tree);
    const wanted = indexByPath(destination);
    return Array.from(indexByPath(source).keys())
      .filter((path) => there.has(path) && !wanted.has(path))
      .map((path) => ({
        subject: path,
        message: 'gone on the destination, still in the live tree',
        evidence: [],
      }));
  },
};
