import { findingsOf } from '../new-events.ts';
import type { Rule } from '../rule.ts';

export const updateAborted: Rule = {
  name: 'update-aborted',
  severity: 'damage',
  title: 'aborted update',
  why: 'The kernel stopped in the middle of the list of changes; it does not repeat a busy call. The remainder never reached the tree, although the write that started the migration succeeded.',
  remedy: 'Compare the tree with the expected one (transplant diff, plan), or restart the partition.',
  fixedIn: [],
  check: (evidence) =>
    findingsOf(evidence, 'update-aborted', ({ values: [status] }) => `status ${status} ended the update`),
};
