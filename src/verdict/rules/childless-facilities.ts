import { findByPath } from '../../devicetree/index.ts';
import { fixes } from '../fixes.ts';
import type { Rule } from '../rule.ts';

const path = '/ibm,platform-facilities';

export const childlessFacilities: Rule = {
  name: 'childless-facilities',
  severity: 'damage',
  title: 'childless facilities node',
  why: 'The nodes below it describe the accelerators and the random number generator, and there are none. The kernel attached the parent that firmware sent and lost its children.',
  remedy: 'Restart the partition; nodes cannot be restored while it runs.',
  fixedIn: [fixes.ignoresFacilities],
  check: ({ after, before, destination }) => {
    const childless = (tree: typeof after.tree) => findByPath(tree, path)?.children.length === 0;
    if (!childless(after.tree)) return [];
    if ((before && childless(before.tree)) || (destination && childless(destination))) return [];
    const had = (before && findByPath(before.tree, path)?.children.map(({ name }) => `had ${name}`)) ?? [];
    return [{ subject: path, message: 'it has no children', evidence: had }];
  },
};
