import type { LogLine, Warning } from './log.ts';

/**
 * Finds warnings and oopses in a kernel log, modelled or real, of any release from v5.10 to v7.2:
 *
 * - WARN(): from `cut here` to `end trace`, the message, `WARNING: CPU: 3 PID: 1706 at lib/refcount.c:25 …` or since
 *   v6.18 `WARNING: lib/refcount.c:25 at …, CPU#3: cat/1706`
 * - BUG() and oopses: `kernel BUG at …!`, `BUG: Kernel NULL pointer dereference …`, `Oops: …`, up to `end trace`
 * - KASAN reports: up to the line of equals signs
 *
 * What the kernel prints between (modules, registers, code) is skipped; of the call trace the names remain. A report
 * that is cut short, by the end of the log or by the next one, still counts.
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

const cutHere = /^-+\[ cut here \]-+$/;
const endTrace = /^---\[ end trace [0-9a-f]* ?\]---$/;
const fatal = /^(?:BUG: (?!workqueue|soft)|Unable to handle kernel|kernel BUG at |Oops: )/;
const kasanEnd = /^={20,}$/;

/** An oops begins without a cut, unless it is a BUG(), which has one. */
function startsReport(text: string, open: Report | undefined): boolean {
  return cutHere.test(text) || (open === undefined && fatal.test(text));
}

function endsReport(text: string, open: Report): boolean {
  return (
    endTrace.test(text) || (kasanEnd.test(text) && open.lines.some((line) => line.startsWith('BUG: KASAN')))
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

const header = /^(?:WARNING: |Modules linked in:)/;

/** What was said before the header; a WARN_ON() says nothing, and then the header speaks for it. */
function messageOf(lines: readonly string[]): string {
  const rest = cutHere.test(lines[0] ?? '') ? lines.slice(1) : lines;
  const spoken = rest.findIndex((line) => header.test(line));
  const said = rest.slice(0, spoken < 0 ? 1 : spoken).filter((line) => line !== '');
  return said[0] ?? rest[0] ?? '';
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
const frame =
  /^ *(?:\[[<]?[0-9a-f]{8,16}[>]?\] *)*([A-Za-z_.$][\w.$]*)\+0x[0-9a-f]+\/0x[0-9a-f]+(?: \[\S+\])?(?: \(unreliable\))?$/;

/** Behind an interrupt frame stands another context: for a system call, user space. */
const context = /^ *(?:\[[0-9a-f]+\] *)*--- (?:interrupt|Exception)/;

/**
 * Names from `Call Trace:` on, up to whatever interrupts it. Mails that leave the heading out have the trace right
 * behind the warning.
 */
function callChainOf(lines: readonly string[]): string[] {
  const heading = lines.findIndex((line) => /^Call Trace:/.test(line));
  const chain: string[] = [];
  for (const line of lines.slice(heading + 1)) {
    const name = frame.exec(line)?.[1];
    if (name !== undefined) chain.push(name);
    else if (context.test(line)) break;
  }
  return chain;
}
