import { walk } from '../../devicetree/index.ts';
import { fixes } from '../fixes.ts';
import type { Rule } from '../rule.ts';

/** Names that sysfs gave because the wanted one was taken (kobj.c, `safe_name`). */
const renamed = /#\d+$/;

export const renamedNode: Rule = {
  name: 'renamed-node',
  severity: 'damage',
  title: 'renamed node',
  why: 'Two nodes have the same name. Sysfs shows the second with a number, and lookups by path find only one of them.',
  remedy: 'Restart the partition before the next migration or DLPAR operation.',
  fixedIn: [fixes.removesCaches],
  check: ({ after, before }) => {
    const old = new Set<string>();
    if (before) for (const { path, node } of walk(before.tree)) if (renamed.test(node.name)) old.add(path);
    const findings = [];
    for (const { path, node } of walk(after.tree)) {
      if (!renamed.test(node.name) || old.has(path)) continue;
      findings.push({ subject: path, message: 'its name was taken when it was attached', evidence: [] });
    }
    return findings;
  },
};
