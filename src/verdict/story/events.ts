import { type Fault, findWarnings, type LogLine } from '../../partition/index.ts';
import { type Recognised, recognise } from '../lines/index.ts';
import { faultEvent, type LogEvent, lineEvent } from './event.ts';

/** Everything that is known in a log, in its order. */
export function eventsOf(log: readonly LogLine[]): readonly LogEvent[] {
  const faults = findWarnings(log);
  const tests = selfTests(log);
  const events: LogEvent[] = [];
  let next = 0;
  for (let at = 0; at < log.length; at++) {
    const line = log[at] as LogLine;
    const fault = faults[next];
    if (fault?.at === at) {
      next++;
      const event = wholeFault(fault, log, events);
      events.push(event);
      continue;
    }
    const inFault = faults[next - 1];
    const known = recognise(line.text.trim());
    if (known && !(inFault && isOfFault(known, at, inFault))) events.push(lineEvent(known, at, line));
  }
  return events.map((event) => ofSelfTest(event, tests));
}

/**
 * A fault with its message. A warning whose `cut here` is missing has its message right before it: a line that the same
 * source file prints.
 */
function wholeFault(fault: Fault, log: readonly LogLine[], events: LogEvent[]): LogEvent {
  const line = log[fault.at] as LogLine;
  const known = recognise(fault.message.trim());
  const before = events.at(-1);
  if (known || before?.end !== fault.at - 1 || before.fault) return faultEvent(fault, line, known);
  const message = recognise(before.line.text.trim());
  if (!message || !fault.place?.includes(message.line.source)) return faultEvent(fault, line, undefined);
  events.pop();
  return faultEvent({ ...fault, at: before.at, message: before.line.text.trim() }, before.line, message);
}

/** Whether a line in a fault's report is its message and not a line of other origin. */
function isOfFault({ line }: Recognised, at: number, fault: Fault): boolean {
  return at <= fault.end && (at === fault.at + 1 || (fault.place?.includes(line.source) ?? false));
}

const TEST_MARK = /^### dt-test ###/;
/** The root of the nodes that it works on. */
const TEST_NODE = /\btestcase-data\b/;
/** Lines between two marks of one test. */
const MAX_TEST_LINES = 500;

/** Ranges of lines that belong to drivers/of/unittest.c, which provokes what it then looks for. */
function selfTests(log: readonly LogLine[]): readonly (readonly [start: number, end: number])[] {
  const ranges: [number, number][] = [];
  for (let at = 0; at < log.length; at++) {
    if (!TEST_MARK.test(log[at]?.text.trimStart() ?? '')) continue;
    const last = ranges.at(-1);
    if (last && at - last[1] <= MAX_TEST_LINES) last[1] = at;
    else ranges.push([at, at]);
  }
  return ranges;
}

function ofSelfTest(event: LogEvent, tests: ReturnType<typeof selfTests>): LogEvent {
  const isOfTest =
    TEST_NODE.test(event.line.text) || tests.some(([start, end]) => event.at > start && event.at <= end);
  if (!isOfTest) return event;
  return harmless(event, 'The self-test of the device tree (CONFIG_OF_UNITTEST) provokes this on purpose.');
}

/** An event that looks like a defect and is none. */
export function harmless(event: LogEvent, meaning: string): LogEvent {
  if (event.weight !== 'trouble' && event.weight !== 'notable') return event;
  const { rule: _, proves: __, phase: ___, ...rest } = event;
  return { ...rest, weight: 'harmless', meaning };
}
