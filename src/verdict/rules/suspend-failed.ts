import { findingsOf } from '../new-events.ts';
import type { Rule } from '../rule.ts';

export const suspendFailed: Rule = {
  name: 'suspend-failed',
  severity: 'warning',
  title: 'failed suspend',
  why: 'The partition could not be suspended to be moved; it is still, or was for a while longer, where it was.',
  remedy:
    'The status says why: -9004 and -9006 mean that somebody is using hardware that cannot move; end that and migrate again.',
  fixedIn: [],
  check: (evidence) =>
    findingsOf(evidence, 'suspend-failed', ({ values: [status], meaning }) =>
      status === undefined ? meaning : `status ${status}`,
    ),
};
