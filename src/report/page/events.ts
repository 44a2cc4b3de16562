import { describeCall, type RtasTraceEntry } from '../../papr/index.ts';
import {
  type LogLine,
  linePattern,
  type Observation,
  type ReferenceChange,
  type RunEvent,
} from '../../partition/index.ts';
import type { PageEvent } from './document.ts';
import { explainLine, type WarningReports, warningReports } from './log-events.ts';

/** The parts of a run that its page events are built from. */
export interface EventSources {
  readonly events: readonly RunEvent[];
  readonly calls: readonly RtasTraceEntry[];
  readonly ledger: readonly ReferenceChange[];
  readonly after: Observation;
  /** The number of the node at a path. */
  readonly find: (path: string) => number | undefined;
  /** The index in `PageReferences.list` of the reference that changed. */
  readonly reference: (change: ReferenceChange) => number;
}

/** The events of a page, and the log lines that they are about. */
export interface PageEvents {
  /** In the order in which they occurred. */
  readonly events: readonly PageEvent[];
  /** Id of the event of each line of `after.log`; undefined where no event has the line's text. */
  readonly eventOfLine: readonly (number | undefined)[];
}

/** Joins each event with its RTAS call, its reference change or the meaning of its log line. */
export function pageEvents(sources: EventSources): PageEvents {
  const { calls, ledger, after, find, reference } = sources;
  const events = withLog(sources.events, after.log);
  const callOf = new Map(calls.map((call) => [call.id, call]));
  const changeOf = new Map(ledger.map((change) => [change.event, change]));
  const lines = linesOf(events, after.log);
  const eventOfLine: (number | undefined)[] = after.log.map(() => undefined);
  const reports = warningReports(after);
  const hasNodeEvents = events.some(({ lane, kind }) => lane === 'of' && kind !== 'refused');
  const pageEvent = (event: RunEvent): PageEvent => {
    const { id, seconds, lane, kind, text } = event;
    const node = event.node === undefined ? undefined : find(event.node);
    const base = { id, seconds, lane, kind, text, ...(node !== undefined && { node }) };
    const call = event.call === undefined ? undefined : callOf.get(event.call);
    if (call) {
      return { ...base, text: describeCall(call), call: call.id, ...(isFailure(call) && { weight: 'bad' }) };
    }
    const change = changeOf.get(id);
    if (change) {
      const { who, count, step } = change;
      return {
        ...base,
        change: { reference: reference(change), who, change: change.change, count, step },
      };
    }
    const line = lines.get(id);
    if (line !== undefined) {
      eventOfLine[line] = id;
      return { ...base, ...logEventParts(text, after.log[line], line, reports, hasNodeEvents, find) };
    }
    return kind === 'refused' ? { ...base, weight: 'bad' } : base;
  };
  return { events: events.map(pageEvent), eventOfLine };
}

/** A negative status of a function without a work area is no failure: the kernel calls it to learn whether it exists. */
function isFailure({ rets, area }: RtasTraceEntry): boolean {
  return (rets[0] ?? 0) < 0 && area !== undefined;
}

/** The events; followed by one for each line of the log where they include none, with ids that follow theirs. */
function withLog(events: readonly RunEvent[], log: readonly LogLine[]): readonly RunEvent[] {
  if (events.some((event) => event.kind === 'log')) return events;
  const start = events.reduce((next, { id }) => Math.max(next, id + 1), 0);
  return [
    ...events,
    ...log.map(({ seconds, text }, line): RunEvent => {
      const lane = text.startsWith('mobility: ') ? 'mobility' : 'log';
      return { id: start + line, seconds, lane, kind: 'log', text };
    }),
  ];
}

/**
 * Index of the log line of each event, by the event's id. Both lists are in order, and either may lack lines of the
 * other, so lines with the same text are matched first to first.
 */
function linesOf(events: readonly RunEvent[], log: readonly LogLine[]): ReadonlyMap<number, number> {
  const linesByText = new Map<string, number[]>();
  for (const [line, { text }] of log.entries()) {
    const same = linesByText.get(text);
    if (same) same.push(line);
    else linesByText.set(text, [line]);
  }
  for (const list of linesByText.values()) list.reverse();
  const lines = new Map<number, number>();
  for (const { id, kind, text } of events) {
    if (kind !== 'log') continue;
    const line = linesByText.get(text)?.pop();
    if (line !== undefined) lines.set(id, line);
  }
  return lines;
}

function logEventParts(
  text: string,
  logged: LogLine | undefined,
  line: number,
  reports: WarningReports,
  hasNodeEvents: boolean,
  find: (path: string) => number | undefined,
): Partial<PageEvent> {
  return { ...nodeUpdate(text, hasNodeEvents, find), ...explainLine(line, text, logged, reports) };
}

/** mobility.c logs each step of the update with pr_debug since v5.11. */
const updateLines = [
  { pattern: linePattern('nodeRemoved'), kind: 'detach' },
  { pattern: linePattern('nodeAdded'), kind: 'attach' },
  { pattern: linePattern('propertyUpdated'), kind: 'update-property' },
];

/**
 * Lane and node of a line that mobility.c logs.
 * @param hasNodeEvents otherwise the log is the only source for when nodes are attached and detached, and the line
 *   becomes such an event
 */
function nodeUpdate(
  text: string,
  hasNodeEvents: boolean,
  find: (path: string) => number | undefined,
): Partial<PageEvent> {
  if (!text.startsWith('mobility: ')) return {};
  const update = updateLines.find(({ pattern }) => pattern.test(text));
  const path = update?.pattern.exec(text)?.[1];
  const node = path === undefined ? undefined : find(path);
  if (node === undefined) return { lane: 'mobility' };
  const kind = hasNodeEvents ? undefined : update?.kind;
  return { lane: 'mobility', node, ...(kind !== undefined && { kind }) };
}
