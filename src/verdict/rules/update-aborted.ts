import { findingsOf } from '../new-events.ts';
import type { Rule } from '../rule.ts';

export const updateAborted: Rule = {
  name: 'update-aborted',
  severity: 'damage',
  title: 'aborted update',
  why: 'The kernel gave up on the list of changes half way (it does not repeat a busy call): the rest never reached the tree, and the write that started the migration still succeeded.',
  remedy: 'Compare the tree with what it should be (transplant diff, plan), or restart the partition.',
  fixedIn: [],
  check: (evidence) =>
    findingsOf(evidence, 'update-aborted', ({ values: [status] }) => `status ${status} ended the update`),
};
