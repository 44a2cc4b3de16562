import { findingsOf } from '../new-events.ts';
import type { Rule } from '../rule.ts';

export const desynchronisedList: Rule = {
  name: 'desynchronised-list',
  severity: 'damage',
  title: 'desynchronised list',
  why: 'The kernel lost its place in the list of changes (it skips an add whose parent is unknown without its drc index) and takes one word for another from there on.',
  remedy: 'Restart the partition: what was applied after the mistake is not what firmware said.',
  fixedIn: [],
  check: (evidence) =>
    findingsOf(evidence, 'desynchronised-list', ({ values: [phandle, action] }) =>
      phandle === '0' ? 'word 0 taken for a phandle' : `word 0x${action} taken for an operator`,
    ),
};
