import type { Fault, LogLine } from '../partition/index.ts';
import type { Evidence } from './evidence.ts';
import { fixesOf } from './fixes.ts';
import type { RuleFinding } from './rule.ts';
import { eventsIn, type LogEvent, storyOf } from './story/index.ts';

/** Events of the log that were not there before. */
export function newEvents(evidence: Evidence, wanted: (event: LogEvent) => boolean): readonly LogEvent[] {
  const start = firstNew(evidence);
  return eventsIn(storyOf(evidence.after.log)).filter((event) => event.at >= start && wanted(event));
}

/** The call trace of a fault as a line of evidence, where it has one. */
export function chainOf(fault: Fault | undefined): readonly string[] {
  return fault && fault.callChain.length > 0 ? [fault.callChain.join(' ← ')] : [];
}

/** The fixes of an event's own defect, for its finding. */
export function ownFixes(event: LogEvent): Pick<RuleFinding, 'fixedIn'> {
  const fixedIn = fixesOf(event);
  return fixedIn ? { fixedIn } : {};
}

/** One finding for each of the events that a rule makes findings of. */
export function findingsOf(
  evidence: Evidence,
  rule: string,
  message: (event: LogEvent) => string,
): readonly RuleFinding[] {
  return newEvents(evidence, (event) => event.rule === rule).map((event) => ({
    subject: event.subject ?? '',
    message: message(event),
    evidence: [event.line.text.trim()],
    logAt: event.at,
  }));
}

/**
 * Index of the first line that was not there before. Of a machine's log the beginning may be lost by now, or all of it
 * after a restart, so the last line of before is looked for.
 */
function firstNew({ after, before }: Evidence): number {
  const last = before?.log.at(-1);
  if (!before || !last) return 0;
  const same = (line: LogLine | undefined) => line?.text === last.text && line.seconds === last.seconds;
  if (same(after.log[before.log.length - 1])) return before.log.length;
  return after.log.findLastIndex(same) + 1;
}
