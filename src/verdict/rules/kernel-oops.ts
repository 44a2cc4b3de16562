import { chainOf, newEvents, ownFixes } from '../new-events.ts';
import type { Rule } from '../rule.ts';

export const kernelOops: Rule = {
  name: 'kernel-oops',
  severity: 'damage',
  title: 'kernel oops',
  why: 'The kernel itself failed; the partition may hang or lose data at any moment.',
  remedy: 'Save the log, restart the partition, report it to the distributor.',
  fixedIn: [],
  check: (evidence) =>
    newEvents(evidence, ({ rule }) => rule === 'kernel-oops').map((event) => ({
      subject: event.subject ?? 'kernel',
      message: event.fault?.message ?? '',
      evidence: [event.meaning, ...chainOf(event.fault)],
      logAt: event.at,
      ...ownFixes(event),
    })),
};
