import {
  CALL_TRACE,
  CONTEXT,
  CUT_HERE,
  FATAL,
  FRAME,
  isPart,
  OTHER_MOMENT,
  PAGE_SIZE,
} from './fault-lines.ts';
import type { Fault, LogLine } from './log.ts';

/** The lines of a report. */
export interface Report {
  /** Index in the log of its first line. */
  readonly at: number;
  /** Of its last one. */
  readonly end: number;
  /** `headless`: its first line is missing. */
  readonly kind: Fault['kind'] | 'headless';
  /** Without leading blanks; up to the trace also lines of other origin. */
  readonly lines: readonly string[];
}

/** What a report says; undefined where it is no fault: registers of user space alone, a header alone. */
export function faultOf(report: Report, log: readonly LogLine[]): Fault | undefined {
  const { lines, end } = report;
  const header = lines.slice(0, headerLength(lines)).join(' ');
  const callChain = callChainOf(lines);
  const failed = FAILED.exec(header)?.[1];
  const start = report.kind === 'headless' ? headless(report, header, failed, callChain, log) : undefined;
  if (report.kind === 'headless' && !start) return undefined;
  const { at, kind, message } = start ?? { at: report.at, kind: report.kind, message: messageOf(lines) };
  const place = placeOf(header);
  const process = PROCESS.exec(header)?.[1] ?? PROCESS_SINCE_6_18.exec(header)?.[1];
  const release = TAINT.exec(header)?.[1] ?? REGISTERS.exec(header)?.[1];
  return {
    at,
    end,
    kind: kind === 'headless' ? 'trace' : kind,
    message: whole(message, at, log),
    ...(place !== undefined && { place }),
    ...(process !== undefined && { process }),
    ...(release !== undefined && { release }),
    ...(failed !== undefined && { failed }),
    callChain,
  };
}

/** The function at the instruction pointer, or its address outside of the kernel; of a KASAN report, the one that it names. */
const FAILED =
  /(?:\bNIP \[[0-9a-f]+\] |\bRIP: 0010:|\bBUG: KASAN: \S+ in |\bpc : )([A-Za-z_][\w.$]*(?=\+0x)|0x[0-9a-f]+)/;
const PROCESS = /\bComm: (\S+)/;
const PROCESS_SINCE_6_18 = /, CPU#\d+: (\S+)\/\d+/;
const TAINT = /(?:Not tainted|Tainted: [^(]*?) +\(?(\d+\.\d+[^\s)]*)/;
const REGISTERS = /\bTRAP: .*?\((\d+\.\d+[^\s)]*)\)/;
const TRAP = /\bTRAP: 0*([0-9a-f]+)/;

/** Traps that interrupt a CPU, whatever it does: reset, external, decrementer, doorbell, and system calls. */
const INTERRUPTS = new Set(['100', '500', '900', '980', 'a00', 'ea0', 'e80', 'c00', '3000']);

type Start = Pick<Report, 'at' | 'kind'> & Pick<Fault, 'message'>;

/** What a report is that lacks its first line. */
function headless(
  { at, lines }: Report,
  header: string,
  failed: string | undefined,
  callChain: readonly string[],
  log: readonly LogLine[],
): Start | undefined {
  const trap = TRAP.exec(header)?.[1];
  if (lines.some((line) => PAGE_SIZE.test(line)) || (trap !== undefined && !INTERRUPTS.has(trap))) {
    const where = failed === undefined ? '' : ` in ${failed}`;
    const what = trap === undefined ? 'kernel fault' : `trap 0x${trap}`;
    return { at, kind: 'oops', message: `${what}${where} (the first line of the report is missing)` };
  }
  if (callChain.length === 0) return undefined;
  // dump_stack() is called behind a message.
  const before = log[at - 1]?.text.trim() ?? '';
  if (before === '' || isPart(before)) return { at, kind: 'trace', message: lines[0] ?? '' };
  return { at: at - 1, kind: 'trace', message: before };
}

/** Lines before the trace. */
function headerLength(lines: readonly string[]): number {
  const trace = lines.findIndex((line) => CALL_TRACE.test(line));
  return trace < 0 ? lines.length : trace;
}

/** The end of what is said before the header. */
const HEADING = /^(?:WARNING: |Modules linked in:)/;

/** A WARN_ON() says nothing before the header, which then is the message; an oops may begin with what led to it. */
function messageOf(lines: readonly string[]): string {
  const rest = CUT_HERE.test(lines[0] ?? '') ? lines.slice(1) : lines;
  const heading = rest.findIndex((line) => HEADING.test(line));
  const said = rest.slice(0, heading < 0 ? 1 : heading).filter((line) => line !== '');
  const first = said[0] ?? rest[0] ?? '';
  return (LEADS_TO.test(first) && rest.find((line) => FATAL.test(line) && !LEADS_TO.test(line))) || first;
}

const LEADS_TO = /^Kernel attempted to|^kernel tried to/;

const places = [
  /\bWARNING: CPU: [0-9]+ PID: [0-9]+ at +(\S+:[0-9]+)/,
  /\bWARNING: (?:at )?(\S+:[0-9]+) at \S+/,
  /\bkernel BUG at +(\S+:[0-9]+)!/,
];

function placeOf(header: string): string | undefined {
  for (const pattern of places) {
    const place = pattern.exec(header)?.[1];
    if (place !== undefined) return place;
  }
  return undefined;
}

/**
 * Names from `Call Trace:` on, up to another context: behind an interrupt, or of the moment when an object was allocated.
 * Mails that leave the heading out have the trace right behind the warning, and so has KASAN.
 */
function callChainOf(lines: readonly string[]): string[] {
  const heading = lines.findIndex((line) => CALL_TRACE.test(line));
  const chain: string[] = [];
  for (const line of lines.slice(heading + 1)) {
    const name = FRAME.exec(line)?.[1];
    if (name !== undefined) chain.push(name);
    else if (CONTEXT.test(line) || OTHER_MOMENT.test(line)) break;
  }
  return chain;
}

/** A message that a mail has cut behind a blank, with its rest. */
function whole(message: string, at: number, log: readonly LogLine[]): string {
  const [line, next] = [log[at], log[at + 1]];
  const cut = line?.text.endsWith(' ') && line.text.trim() === message.trim();
  const rest = next?.untimed ? next.text.trim() : '';
  return cut && rest !== '' && !isPart(rest) ? `${message.trim()} ${rest}` : message;
}
