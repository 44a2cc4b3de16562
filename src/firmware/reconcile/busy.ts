import { extendedDelayMs, rtasStatus } from '../../papr/index.ts';

/** After this many repetitions a busy firmware counts as failed. */
const MAX_REPEATS = 1000;

/**
 * Repeats a call while its status is busy (-2) or an extended delay (9900 to 9905). It does not wait: LoPAR 7.2.8 permits a
 * caller to repeat before the delay has passed.
 * @returns the last status
 */
export function repeatBusy(call: () => number): number {
  let status = call();
  for (let repeats = 0; repeats < MAX_REPEATS && isBusy(status); repeats++) status = call();
  return status;
}

function isBusy(status: number): boolean {
  return status === rtasStatus.busy || extendedDelayMs(status) !== undefined;
}
