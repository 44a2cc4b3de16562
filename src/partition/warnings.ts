import type { LogLine, Warning } from './log.ts';

/**
 * Finds warnings and oopses in a kernel log, modelled or real, of any release from v5.10 to v7.2:
 *
 * - WARN(): from `cut here` to `end trace`, the message, `WARNING: CPU: 3 PID: 1706 at lib/refcount.c:25 …` or since
 *   v6.18 `WARNING: lib/refcount.c:25 at …, CPU#3: cat/1706`
 * - BUG() and oopses: `kernel BUG at …!`, `BUG: Kernel NULL pointer dereference …`, `Oops: …`, up to `end trace`
 * - KASAN reports: up to the line of equals signs
 *
 * Modules, registers and code are skipped; of the call trace the function names are kept. A report that is cut short by
 * the end of the log or by the next report counts, too.
 */
export function findWarnings(log: readonly LogLine[]): Warning[] {
  const found: Warning[] = [];
  let open: Report | undefined;
  for (const [at, { text }] of log.entries()) {
    if (startsReport(text, open)) {
      if (open) found.push(close(open));
      open = { at, lines: [] };
    }
    if (!open) continue;
    open.lines.push(text);
    if (!endsReport(text, open)) continue;
    found.push(close(open));
    open = undefined;
  }
  if (open) found.push(close(open));
  return found;
}

/** A report that is being read. */
interface Report {
  readonly at: number;
  readonly lines: string[];
}

const CUT_HERE = /^-+\[ cut here \]-+$/;
const END_TRACE = /^---\[ end trace [0-9a-f]* ?\]---$/;
const FATAL = /^(?:BUG: (?!workqueue|soft)|Unable to handle kernel|kernel BUG at |Oops: )/;
const KASAN_END = /^={20,}$/;

/** An oops begins without `cut here`, except a BUG(). */
function startsReport(text: string, open: Report | undefined): boolean {
  return CUT_HERE.test(text) || (open === undefined && FATAL.test(text));
}

function endsReport(text: string, open: Report): boolean {
  return (
    END_TRACE.test(text) || (KASAN_END.test(text) && open.lines.some((line) => line.startsWith('BUG: KASAN')))
  );
}

function close({ at, lines }: Report): Warning {
  const place = placeOf(lines);
  return {
    at,
    message: messageOf(lines),
    ...(place !== undefined && { place }),
    callChain: callChainOf(lines),
  };
}

const HEADER = /^(?:WARNING: |Modules linked in:)/;

/** The message before the header; a WARN_ON() has none, then it is the header. */
function messageOf(lines: readonly string[]): string {
  const rest = CUT_HERE.test(lines[0] ?? '') ? lines.slice(1) : lines;
  const headerAt = rest.findIndex((line) => HEADER.test(line));
  const messages = rest.slice(0, headerAt < 0 ? 1 : headerAt).filter((line) => line !== '');
  return messages[0] ?? rest[0] ?? '';
}

const places = [
  /^WARNING: CPU: [0-9]+ PID: [0-9]+ at (\S+:[0-9]+) /,
  /^WARNING: (?:at )?(\S+:[0-9]+) at \S+/,
  /^kernel BUG at (\S+:[0-9]+)!/,
];

function placeOf(lines: readonly string[]): string | undefined {
  for (const line of lines) {
    for (const pattern of places) {
      const place = pattern.exec(line)?.[1];
      if (place !== undefined) return place;
    }
  }
  return undefined;
}

/** `[c000…] [c000…] kobject_get+0xf0/0x100 [module] (unreliable)`; addresses and the rest may be missing. */
const FRAME =
  /^ *(?:\[[<]?[0-9a-f]{8,16}[>]?\] *)*([A-Za-z_.$][\w.$]*)\+0x[0-9a-f]+\/0x[0-9a-f]+(?: \[\S+\])?(?: \(unreliable\))?$/;

/** After an interrupt frame comes another context: for a system call, user space. */
const CONTEXT = /^ *(?:\[[0-9a-f]+\] *)*--- (?:interrupt|Exception)/;

/**
 * Names from `Call Trace:` on, up to the next context. Mails that omit the heading have the trace directly after the
 * warning.
 */
function callChainOf(lines: readonly string[]): string[] {
  const heading = lines.findIndex((line) => /^Call Trace:/.test(line));
  const chain: string[] = [];
  for (const line of lines.slice(heading + 1)) {
    const name = FRAME.exec(line)?.[1];
    if (name !== undefined) chain.push(name);
    else if (CONTEXT.test(line)) break;
  }
  return chain;
}
