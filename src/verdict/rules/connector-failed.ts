import { findingsOf } from '../new-events.ts';
import type { Rule } from '../rule.ts';

export const connectorFailed: Rule = {
  name: 'connector-failed',
  severity: 'warning',
  title: 'failed connector',
  why: 'ibm,configure-connector did not deliver a node that firmware had announced. The node is missing.',
  remedy: 'Request the node again with drmgr, or restart the partition.',
  fixedIn: [],
  check: (evidence) => findingsOf(evidence, 'connector-failed', ({ values: [status] }) => `status ${status}`),
};
