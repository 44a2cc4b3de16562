import { describeCall, type RtasTraceEntry } from '../../papr/index.ts';
import type { LogLine, Observation, ReferenceChange, RunEvent } from '../../partition/index.ts';
import { knownLines } from '../../verdict/index.ts';
import type { PageEvent, PageReferenceChange } from './document.ts';

/** What moments are made of. */
export interface EventSources {
  readonly events: readonly RunEvent[];
  readonly calls: readonly RtasTraceEntry[];
  readonly ledger: readonly ReferenceChange[];
  readonly after: Observation;
  readonly find: (path: string) => number | undefined;
  readonly reference: (change: ReferenceChange) => number;
}

/** All that happened in order, and the moments of the log's lines. */
export interface PageEvents {
  readonly events: readonly PageEvent[];
  /** The moment of each line of `after.log`; undefined where the events do not have it. */
  readonly ofLine: readonly (number | undefined)[];
}

/** Events with what belongs to them: the call's bytes, the reference's holder, the line's meaning. */
export function pageEvents({ events, calls, ledger, after, find, reference }: EventSources): PageEvents {
  const told = events.some((event) => event.kind === 'log')
    ? events
    : [...events, ...after.log.map(logEvent)];
  const nextCall = counter(calls, told, (event) => event.kind === 'rtas');
  const nextChange = counter(ledger, told, (event) => event.kind === 'get' || event.kind === 'put');
  const lines = linesOf(told, after.log);
  const ofLine: (number | undefined)[] = after.log.map(() => undefined);
  const trace = tracesOf(after);
  const hasTurns = told.some(({ lane, kind }) => lane === 'of' && kind !== 'refused');
  const shown = told.map((event, at): PageEvent => {
    const { seconds, lane, kind, text } = event;
    const node = event.node === undefined ? undefined : find(event.node);
    const base = { seconds, lane, kind, text, ...(node !== undefined && { node }) };
    if (kind === 'rtas') {
      const call = nextCall(event);
      const entry = calls[call ?? -1];
      if (call === undefined || !entry) return base;
      // Functions without a work area are asked for whether they exist; that one does not is no trouble.
      const isBad = (entry.rets[0] ?? 0) < 0 && entry.area !== undefined;
      return { ...base, text: describeCall(entry), call, ...(isBad && { weight: 'bad' }) };
    }
    if (kind === 'get' || kind === 'put') {
      const change = ledger[nextChange(event) ?? -1];
      return { ...base, ...(change && { change: step(change, reference(change)) }) };
    }
    const line = lines.get(at);
    if (line !== undefined) {
      ofLine[line] = at;
      return { ...base, ...turn(text, hasTurns, find), ...logMoment(line, text, after.log[line], trace) };
    }
    return kind === 'refused' ? { ...base, weight: 'bad' } : base;
  });
  return { events: shown, ofLine };
}

function logEvent({ seconds, text }: LogLine): RunEvent {
  return { seconds, lane: text.startsWith('mobility: ') ? 'mobility' : 'log', kind: 'log', text };
}

/** Hands out the places of a list one by one, where the events tell exactly as many. */
function counter(
  list: readonly unknown[],
  events: readonly RunEvent[],
  belongs: (event: RunEvent) => boolean,
): (event: RunEvent) => number | undefined {
  let next = 0;
  const matches = events.filter(belongs).length === list.length;
  return () => (matches ? next++ : undefined);
}

/** Which line of the log an event is; both are in order, and the one may lack what the other has. */
function linesOf(events: readonly RunEvent[], log: readonly LogLine[]): ReadonlyMap<number, number> {
  const places = new Map<string, number[]>();
  for (const [line, { text }] of log.entries()) {
    const same = places.get(text);
    if (same) same.push(line);
    else places.set(text, [line]);
  }
  for (const list of places.values()) list.reverse();
  const lines = new Map<number, number>();
  for (const [at, { kind, text }] of events.entries()) {
    if (kind !== 'log') continue;
    const line = places.get(text)?.pop();
    if (line !== undefined) lines.set(at, line);
  }
  return lines;
}

/**
 * A line of the update itself, on the lane and about the node that it names. Where nothing else tells when nodes come and
 * go, it tells that too (mobility.c says so with pr_debug since v5.11).
 */
function turn(
  text: string,
  hasTurns: boolean,
  find: (path: string) => number | undefined,
): Partial<PageEvent> {
  if (!text.startsWith('mobility: ')) return {};
  const match = /^mobility: (removing|added|updating) node (\/.*?)(?::\d+| property .*)$/.exec(text);
  const node = match?.[2] === undefined ? undefined : find(match[2]);
  const kinds: Readonly<Record<string, string>> = {
    removing: 'detach',
    added: 'attach',
    updating: 'update-property',
  };
  const kind = hasTurns ? undefined : kinds[match?.[1] ?? ''];
  return {
    lane: 'mobility',
    ...(node !== undefined && { node }),
    ...(node !== undefined && kind !== undefined && { kind }),
  };
}

/** For each line that is part of a warning's report: the report's moment if it is the first, else `undefined`. */
type Traces = ReadonlyMap<number, Partial<PageEvent> | undefined>;

function tracesOf({ log, warnings }: Observation): Traces {
  const lines = new Map<number, Partial<PageEvent> | undefined>();
  for (const { at, message, callChain, place } of warnings) {
    const text = `${message}${place === undefined ? '' : ` (${place})`}`;
    lines.set(at, { kind: 'warning', text, weight: 'bad', ...meaningOf(message) });
    const until = at + callChain.length + 16;
    for (let line = at + 1; line < Math.min(until, log.length); line++) {
      const text = log[line]?.text ?? '';
      if (/cut here/.test(text)) break;
      lines.set(line, undefined);
      if (/end trace/.test(text)) break;
    }
  }
  return lines;
}

function logMoment(line: number, text: string, of: LogLine | undefined, traces: Traces): Partial<PageEvent> {
  const report = traces.get(line);
  if (report) return report;
  if (traces.has(line)) return { kind: 'trace' };
  const known = knownLines.find((one) => one.pattern.test(text));
  const isBad = known?.weight === 'trouble' || (of?.level ?? 7) <= 3;
  return { ...meaningOf(text), ...(isBad && { weight: 'bad' }) };
}

function meaningOf(text: string): Pick<PageEvent, 'meaning'> {
  const known = knownLines.find((one) => one.pattern.test(text));
  return known ? { meaning: text.replace(known.pattern, known.meaning) } : {};
}

function step({ who, change, count, step }: ReferenceChange, reference: number): PageReferenceChange {
  return { reference, who, change, count, step };
}
