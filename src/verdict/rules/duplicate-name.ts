import { fixes } from '../fixes.ts';
import { findingsOf } from '../new-events.ts';
import type { Rule } from '../rule.ts';

export const duplicateName: Rule = {
  name: 'duplicate-name',
  severity: 'warning',
  title: 'duplicate name',
  why: 'A node was added while another node of its name was still there. The tree has, or had, both.',
  remedy:
    'Check whether both are still there (renamed-node). If so, restart the partition before the next migration.',
  fixedIn: [fixes.removesCaches],
  check: (evidence) =>
    findingsOf(
      evidence,
      'duplicate-name',
      ({ values: [, name = ''] }) => `a second ${name.replace(/#\d+$/, '')} was added`,
    ),
};
