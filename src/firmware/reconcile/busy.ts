import { extendedDelayMs, rtasStatus } from '../../papr/index.ts';

/** A firmware that is busy longer than this many calls is not going to answer. */
const MAX_REPEATS = 1000;

/**
 * Repeats a call while it is busy (-2) or asks for a delay (9900 to 9905); LoPAR 7.2.8 lets a caller come back sooner
 * than the delay says.
 */
export function repeatBusy(call: () => number): number {
  let status = call();
  for (let repeats = 0; repeats < MAX_REPEATS && isBusy(status); repeats++) status = call();
  return status;
}

function isBusy(status: number): boolean {
  return status === rtasStatus.busy || extendedDelayMs(status) !== undefined;
}
