import { findingsOf } from '../new-events.ts';
import type { Rule } from '../rule.ts';

export const propertyNotUpdated: Rule = {
  name: 'property-not-updated',
  severity: 'stale',
  title: 'refused property',
  why: 'Firmware sent a new value and the kernel could not store it, mostly for lack of memory. The old value is still there.',
  remedy:
    'Write the new value to /proc/ppc64/ofdt if it is known (transplant plan), or restart the partition.',
  fixedIn: [],
  check: (evidence) => findingsOf(evidence, 'property-not-updated', () => 'not updated'),
};
