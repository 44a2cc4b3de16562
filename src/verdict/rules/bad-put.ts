import { findingsOf } from '../new-events.ts';
import type { Rule } from '../rule.ts';

export const badPut: Rule = {
  name: 'bad-put',
  severity: 'damage',
  title: 'double put',
  why: 'A reference to a node was dropped that nobody held: its count reached zero while it was in the tree, and the next one who drops it uses freed memory.',
  remedy: 'Restart the partition soon, and report the log to the distributor.',
  fixedIn: [],
  check: (evidence) => findingsOf(evidence, 'bad-put', () => 'a reference was dropped that was not held'),
};
