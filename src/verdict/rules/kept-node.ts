import { indexByPath } from '../../devicetree/index.ts';
import type { Rule } from '../rule.ts';

export const keptNode: Rule = {
  name: 'kept-node',
  severity: 'stale',
  title: 'kept node',
  why: 'The live tree has a node that the destination does not have. The hardware that it describes is not on this server.',
  remedy: 'Restart the partition to get the tree of its new server.',
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
