import { findingsOf } from '../new-events.ts';
import type { Rule } from '../rule.ts';

export const deviceDisabled: Rule = {
  name: 'device-disabled',
  severity: 'warning',
  title: 'disabled device',
  why: "The driver found its device's status not okay, or its properties unusable: the partition does without the hardware.",
  remedy: "Look at the node's status and at the partition's profile on the management console.",
  fixedIn: [],
  check: (evidence) => findingsOf(evidence, 'device-disabled', () => 'its driver has disabled it'),
};
