import { LineFormat } from '../line-format.ts';

/**
 * Lines about a migration that 5.10 prints, and those of later releases that 5.10 has no counterpart for. Releases that
 * word a line otherwise replace it in their entry of `releases`.
 */
export const lines5_10 = linesOf({
  // vas.c, papr-hvpipe.c, watchdog.c
  vasEvent: 'vas: VAS migration event %d',
  vasEventDone: 'vas: VAS migration event (%d) successful',
  vasCapabilitiesFailed: 'vas: state(%d): Get VAS capabilities failed with %d',
  hvpipeEvent: 'papr-hvpipe: hvpipe migration event %d',
  watchdogFactor: 'watchdog: Set the NMI watchdog timeout factor to %d%%',
  // mobility.c, from suspend to resume
  suspendCall: 'calling ibm,suspend-me on cpu %d',
  suspendError: 'mobility: ibm,suspend-me error: %d',
  suspendAttempt: 'mobility: Partition suspend attempt %d of %d error: %d',
  suspendRetry: 'mobility: Will retry partition suspend after %d ms',
  joinPremature: 'mobility: premature return from H_JOIN on CPU %d, retrying',
  joinError: 'mobility: H_JOIN error %d on CPU %d',
  prodError: 'mobility: H_PROD of CPU %d (hwid %d) error: %d',
  threadsWoken: 'mobility: CPU %d waking all threads',
  vasiUnexpected: 'mobility: unexpected H_VASI_STATE result %d',
  vasiAfterSuspend: 'mobility: VASI state %d after failed suspend',
  vasiPollError: 'mobility: VASI state poll error: %d',
  vasiSignalError: 'mobility: H_VASI_SIGNAL error: %d',
  transferAwaited: 'mobility: waiting for memory transfer to complete...',
  transferDone: 'mobility: memory transfer completed.',
  transferError: 'mobility: H_VASI_STATE return error (%d)',
  // rtas.c, mobility.c and dlpar.c, the update of the device tree
  activateRequired: 'Could not make post-mobility activate-fw call.',
  activateMissing: 'ibm,activate-firmware method unavailable',
  activateFailed: 'Post-mobility activate-fw failed: %d',
  updateFailed: 'Post-mobility device tree update failed: %d',
  lookupFailed: 'mobility: Failed lookup: phandle 0x%x for action 0x%x',
  nodeRemoved: 'mobility: removing node %s:%d',
  nodeAdded: 'mobility: added node %s:%d',
  removeIgnored: 'mobility: ignoring remove operation for %s:%d',
  addIgnored: 'mobility: ignoring add operation for %s',
  propertyUpdated: 'mobility: updating node %s property %s',
  propertyFailed: 'Could not update %s property',
  connectorError: 'Unexpected Error (%d) returned from configure-connector',
  // drivers/of/dynamic.c
  badPut: 'OF: ERROR: Bad of_node_put() on %s',
});

/** Name of a log line that kernels print. */
export type LineName = keyof typeof lines5_10;

/** What a release prints. */
export type KernelLines = Readonly<Record<LineName, LineFormat>>;

/** Formats by name, ready to print. */
export function linesOf<Name extends string>(
  formats: Record<Name, string>,
): Readonly<Record<Name, LineFormat>> {
  const lines = {} as Record<Name, LineFormat>;
  for (const name in formats) lines[name] = new LineFormat(formats[name]);
  return lines;
}
