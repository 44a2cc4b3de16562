import { findingsOf } from '../new-events.ts';
import type { Rule } from '../rule.ts';

export const badPut: Rule = {
  name: 'bad-put',
  severity: 'damage',
  title: 'double put',
  why: 'A reference to a node was dropped that nothing held. The count reached zero while the node was in the tree, so the next drop uses freed memory.',
  remedy: 'Restart the partition soon, and report the log to the distributor.',
  fixedIn: [],
  check: (evidence) => findingsOf(evidence, 'bad-put', () => 'a reference was dropped that was not held'),
};
