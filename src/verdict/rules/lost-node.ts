import { indexByPath } from '../../devicetree/index.ts';
import type { Rule } from '../rule.ts';

export const lostNode: Rule = {
  name: 'lost-node',
  severity: 'damage',
  title: 'lost node',
  why: 'The destination has the node, but the live tree does not. Lookups of it fail.',
  remedy: 'Restart the partition. Only properties can be restored while it runs (transplant plan).',
  fixedIn: [],
  check: ({ after, destination, source }) => {
    if (!destination) return [];
    const there = indexByPath(after.tree);
    const wasThere = source && indexByPath(source);
    return Array.from(indexByPath(destination).keys())
      .filter((path) => !there.has(path))
      .map((path) => ({
        subject: path,
        message:
          wasThere?.has(path) === false ? 'new on the destination, never arrived' : 'gone from the live tree',
        evidence: [],
      }));
  },
};
