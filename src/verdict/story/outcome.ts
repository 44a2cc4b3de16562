import type { LogLine } from '../../partition/index.ts';
import type { LogEvent } from './event.ts';

/** How a migration ended, with what proves it. */
export interface Proven {
  readonly outcome: 'moved' | 'did not move' | 'unknown';
  /** Indices in the log of the lines that prove it; for `unknown`, of the last line that is known of it. */
  readonly proof: readonly number[];
  /** Why it is unknown. */
  readonly reason?: string;
}

/**
 * How a migration ended, by its lines:
 *
 * - the update of the device tree, the wait for the memory, the adapters' messages and drmgr's status prove a move
 * - a failure that no further attempt follows proves that there was none. Before v5.11 the kernel prints
 *   `ibm,suspend-me returned` on failure only
 * - a suspend that is called and logs no failure succeeded, if the log goes on from there; a log that ends in the suspend, or
 *   goes on with another boot, does not say
 * @param log up to where the migration's part of it ends: the next migration or boot
 */
export function provenOutcome(
  steps: readonly LogEvent[],
  afterwards: readonly LogEvent[],
  log: readonly LogLine[],
  end: number,
  rebooted: boolean,
): Proven {
  const events = [...steps, ...afterwards];
  const moved = events.filter(({ proves }) => proves === 'moved');
  if (moved.length > 0) return { outcome: 'moved', proof: moved.map(({ at }) => at) };
  const called = steps.findLastIndex(({ name }) => name === 'suspend-called');
  const failures = events.filter(
    ({ proves, at }) => proves === 'did not move' && (called < 0 || at > (steps[called]?.at ?? 0)),
  );
  if (failures.length > 0) return { outcome: 'did not move', proof: failures.map(({ at }) => at) };
  const call = steps[called];
  if (!call) {
    const failed = events.filter(({ proves }) => proves === 'did not move');
    if (failed.length > 0) return { outcome: 'did not move', proof: failed.map(({ at }) => at) };
    return { outcome: 'unknown', proof: lastOf(steps), reason: 'the log does not show its end' };
  }
  if (rebooted) return { outcome: 'unknown', proof: [call.at], reason: 'the machine was booted anew in it' };
  const next = goesOnAt(call, steps, log, end);
  if (next === undefined)
    return { outcome: 'unknown', proof: [call.at], reason: 'the log ends in the suspend' };
  return { outcome: 'moved', proof: [call.at, next] };
}

function lastOf(steps: readonly LogEvent[]): readonly number[] {
  const last = steps.at(-1);
  return last ? [last.at] : [];
}

/**
 * The line by which the log goes on from a suspend without a failure. Since v5.11 that is the CPU that wakes the others; a
 * kernel before that prints nothing of a success, so there any line is.
 */
function goesOnAt(
  call: LogEvent,
  steps: readonly LogEvent[],
  log: readonly LogLine[],
  end: number,
): number | undefined {
  const woken = steps.find(({ name, at }) => name === 'threads-woken' && at > call.at);
  if (woken || call.line.text.includes('mobility:')) return woken?.at;
  for (let at = call.end + 1; at < end; at++) {
    const line = log[at];
    if (line && line.text.trim() !== '' && !STOOD_STILL.test(line.text)) return at;
  }
  return undefined;
}

/** What is logged of CPUs in the call itself. */
const STOOD_STILL = /LOCKUP|lockup|stall|^(?:NIP|LR|REGS|MSR|CFAR|GPR|Call Trace|CPU:|Modules linked)/;
