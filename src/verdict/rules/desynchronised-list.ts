import { findingsOf } from '../new-events.ts';
import type { Rule } from '../rule.ts';

export const desynchronisedList: Rule = {
  name: 'desynchronised-list',
  severity: 'damage',
  title: 'desynchronised list',
  why: 'The kernel lost its place in the list of changes: it skips an add whose parent is unknown, but not the drc index that follows. It misreads every word after that.',
  remedy: 'Restart the partition: the changes that it applied after that are not those of firmware.',
  fixedIn: [],
  check: (evidence) =>
    findingsOf(evidence, 'desynchronised-list', ({ values: [phandle, action] }) =>
      phandle === '0' ? 'word 0 taken for a phandle' : `word 0x${action} taken for an operator`,
    ),
};
