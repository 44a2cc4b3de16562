import { chainOf, newEvents } from '../new-events.ts';
import type { Rule } from '../rule.ts';

export const kernelOops: Rule = {
  name: 'kernel-oops',
  severity: 'damage',
  title: 'kernel oops',
  why: 'The kernel itself failed; the partition may hang or lose data at any moment.',
  remedy: 'Save the log, restart the partition, report it to the distributor.',
  fixedIn: null,
  check: (evidence) =>
    newEvents(evidence, ({ rule }) => rule === 'kernel-oops').map(
      ({ at, subject = 'kernel', fault, meaning }) => ({
        subject,
        message: fault?.message ?? '',
        evidence: [meaning, ...chainOf(fault)],
        logAt: at,
      }),
    ),
};
