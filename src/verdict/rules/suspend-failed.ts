import { findingsOf } from '../new-events.ts';
import type { Rule } from '../rule.ts';

export const suspendFailed: Rule = {
  name: 'suspend-failed',
  severity: 'warning',
  title: 'failed suspend',
  why: 'The partition could not be suspended, so this attempt did not move it.',
  remedy:
    'Check the status: -9004 and -9006 mean that a program uses hardware that cannot move. End it and migrate again.',
  fixedIn: [],
  check: (evidence) =>
    findingsOf(evidence, 'suspend-failed', ({ values: [status], meaning }) =>
      status === undefined ? meaning : `status ${status}`,
    ),
};
