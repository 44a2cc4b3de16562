import type { LogLine } from '../../partition/index.ts';
import { fixes } from '../fixes.ts';
import { deathOf } from '../ledger.ts';
import { chainOf, newEvents } from '../new-events.ts';
import type { Rule } from '../rule.ts';
import type { LogEvent } from '../story/index.ts';

export const useAfterFree: Rule = {
  name: 'use-after-free',
  severity: 'damage',
  title: 'use-after-free warning',
  why: 'The kernel uses a node whose last reference was dropped. Its memory may already belong to something else.',
  remedy: 'Restart the partition soon. Do not read devspec of VIO devices until then.',
  fixedIn: [fixes.ignoresFacilities],
  check: (evidence, ledger) =>
    newEvents(evidence, ({ rule }) => rule === 'use-after-free').map((event) => ({
      subject: event.subject ?? event.fault?.place ?? 'kernel',
      message: event.fault?.message ?? event.line.text.trim(),
      evidence: [...deathOf(ledger, endOf(event, evidence.after.log)), ...chainOf(event.fault)],
      logAt: event.at,
    })),
};

/** Seconds at the end of the report: the kernel changes the count after it warns. */
function endOf({ end }: LogEvent, log: readonly LogLine[]): number {
  return log[end]?.seconds ?? 0;
}
