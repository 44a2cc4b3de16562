import {
  CALL_TRACE,
  CUT_HERE,
  END_TRACE,
  FATAL,
  FRAME,
  HEADER,
  isPart,
  KASAN_END,
  PAGE_SIZE,
  PROCESSOR,
  REPORT_ONLY,
  REPORTED,
  STALL,
  WARN_HEADER,
} from './fault-lines.ts';
import { faultOf, type Report } from './fault-report.ts';
import type { Fault, LogLine } from './log.ts';

/**
 * Finds the faults in a kernel log, modelled or real, of any release from v4.12 to v7.2. One fault is one report, however
 * many lines the kernel prints for it:
 *
 * - WARN(): from `cut here` to `end trace`
 * - BUG() and oopses: `Kernel attempted …`, `BUG: …`, `Oops: …`, registers and trace, and the panic that follows
 * - KASAN reports: up to the line of equals signs
 * - stalls: what the watchdogs, RCU and the hung task detector report
 * - other messages that come with a trace: `sysfs: cannot create duplicate filename …`
 *
 * A report may lack its first line (the registers then say what it is), its last ones, or any between; a mail may have cut
 * its lines. Lines of other origin among its own are left to the caller.
 */
export function findWarnings(log: readonly LogLine[]): Fault[] {
  const found: Fault[] = [];
  let open: Open | undefined;
  const finish = () => {
    const fault = open && faultOf(open, log);
    if (fault) found.push(fault);
    open = undefined;
  };
  for (let at = 0; at < log.length; at++) {
    const line = log[at] as LogLine;
    const text = line.text.trimStart();
    if (open && line.seconds - open.seconds > MAX_PAUSE) finish();
    const starts = MAY_START.test(text) ? startOf(text, open) : undefined;
    if (starts) {
      if (!open && text.startsWith(PANIC) && extendLast(found, at)) continue;
      finish();
      open = {
        at,
        end: at,
        seconds: line.seconds,
        idle: 0,
        kind: starts,
        lines: [],
        traced: false,
        headed: false,
      };
      take(text, open);
    } else if (open && continues(text, open)) {
      take(text, open);
      open.end = at;
      open.seconds = line.seconds;
      if (endsReport(text, open)) finish();
    } else if (open && ++open.idle > MAX_IDLE) finish();
    // Between the cut and the header is the message.
    else if (open && !open.traced) open.lines.push(text);
  }
  finish();
  return found;
}

/** A report ends without a last line after so many lines that are no part of it, or so many seconds. */
const MAX_IDLE = 40;
const MAX_PAUSE = 10;

/** A report that is being read. */
interface Open extends Report {
  end: number;
  kind: Report['kind'];
  readonly lines: string[];
  /** When its last line was printed. */
  seconds: number;
  /** Lines of other origin since then. */
  idle: number;
  /** Whether its trace has begun. */
  traced: boolean;
  /** Whether it has said in which process it happened. */
  headed: boolean;
}

/** Sorts out most lines of a log. */
const MAY_START =
  /^(?:-|BUG|Un|Ke|ke|Oops|In|INFO|gen|M|N|REGS|RIP|[Ww]atchdog|rcu: INFO|WARNING|sysfs: c|OF: E|LE |BE |CPU: )/;

const PANIC = 'Kernel panic';

/** What a line begins, if it begins a report and does not go on with the open one. */
function startOf(text: string, open: Open | undefined): Report['kind'] | undefined {
  if (CUT_HERE.test(text)) return 'warning';
  if (STALL.test(text)) return isOfStall(text, open) ? undefined : 'stall';
  if (FATAL.test(text)) {
    const goesOn = open && open.kind !== 'stall' && (!open.traced || text.startsWith(PANIC));
    return goesOn ? undefined : REPORT_ONLY.test(text) ? 'warning' : 'oops';
  }
  if (WARN_HEADER.test(text)) return isOfCut(open) ? undefined : 'warning';
  if (REPORTED.test(text)) return 'trace';
  if (!HEADER.test(text)) return undefined;
  const isAnother =
    open?.traced && open.headed && open.kind !== 'stall' && (PROCESSOR.test(text) || PAGE_SIZE.test(text));
  return !open || isAnother ? 'headless' : undefined;
}

/** Whether a watchdog goes on about the same stall; each task that hangs is one. */
function isOfStall(text: string, open: Open | undefined): boolean {
  return open?.kind === 'stall' && !open.traced && !text.startsWith('INFO: task');
}

/** Whether a report has begun with `cut here` and waits for its header. */
function isOfCut(open: Open | undefined): boolean {
  return open?.kind === 'warning' && !open.traced && !open.lines.some((line) => WARN_HEADER.test(line));
}

function continues(text: string, open: Open): boolean {
  return (
    isPart(text) || FATAL.test(text) || WARN_HEADER.test(text) || (open.kind === 'stall' && STALL.test(text))
  );
}

function take(text: string, open: Open): void {
  // A mail may have cut the function's name off the header.
  const ofHeader = WARN_HEADER.test(open.lines.at(-1) ?? '');
  open.lines.push(text);
  open.idle = 0;
  if (CALL_TRACE.test(text) || (FRAME.test(text) && !ofHeader)) open.traced = true;
  if (PROCESSOR.test(text)) open.headed = true;
  if (open.kind !== 'stall' && FATAL.test(text) && !REPORT_ONLY.test(text)) open.kind = 'oops';
}

function endsReport(text: string, open: Open): boolean {
  return (
    END_TRACE.test(text) || (KASAN_END.test(text) && open.lines.some((line) => line.startsWith('BUG: KASAN')))
  );
}

/** Adds a panic to the fault that caused it, if that has just ended. */
function extendLast(found: Fault[], at: number): boolean {
  const last = found.at(-1);
  if (last?.kind !== 'oops' || at - last.end > MAX_IDLE) return false;
  found[found.length - 1] = { ...last, end: at };
  return true;
}
