import { holdersBy } from '../ledger.ts';
import type { Rule } from '../rule.ts';

export const leakedReference: Rule = {
  name: 'leaked-reference',
  severity: 'damage',
  title: 'leaked reference',
  why: 'The node left the tree, or never reached it, while a reference to it was held. It is never freed, and each migration leaks another one.',
  remedy: 'Restart the partition when convenient. Until then each migration leaks the same amount again.',
  fixedIn: [],
  check: ({ after }, ledger) => {
    const holdersOf = holdersBy(ledger);
    return (after.references ?? []).flatMap((node) => {
      const gone = node.state === 'detached' || node.state === 'never attached';
      // A saturated count has no holder; use-after-free reports it.
      if (!gone || node.count <= 0) return [];
      return [
        {
          subject: node.path,
          message: `${node.state}, count ${node.count}`,
          evidence: holdersOf(node),
        },
      ];
    });
  },
};
