import { holdersBy } from '../ledger.ts';
import type { Rule } from '../rule.ts';

export const leakedReference: Rule = {
  name: 'leaked-reference',
  severity: 'damage',
  title: 'leaked reference',
  why: 'The node left the tree (or never reached it) while somebody held it: it can never be released, and each migration adds another.',
  remedy: 'Restart the partition when convenient; until then each migration leaks as much again.',
  fixedIn: [],
  check: ({ after }, ledger) => {
    const holdersOf = holdersBy(ledger);
    return (after.references ?? []).flatMap((node) => {
      const gone = node.state === 'detached' || node.state === 'never attached';
      // Nothing holds a boot node whose count went bad; that is the business of use-after-free.
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
