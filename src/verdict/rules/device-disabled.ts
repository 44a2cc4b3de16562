import { findingsOf } from '../new-events.ts';
import type { Rule } from '../rule.ts';

export const deviceDisabled: Rule = {
  name: 'device-disabled',
  severity: 'warning',
  title: 'disabled device',
  why: 'The status of the device is not okay, or the driver cannot use its properties. The partition does not use the hardware.',
  remedy: "Check the node's status and the partition's profile on the management console.",
  fixedIn: [],
  check: (evidence) => findingsOf(evidence, 'device-disabled', () => 'its driver has disabled it'),
};
