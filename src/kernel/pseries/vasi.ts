import { hcallStatus, hcalls, vasiSignal, vasiState } from '../../papr/index.ts';
import { EINVAL, EIO, EOPNOTSUPP } from '../core/errno.ts';
import type { Flow } from '../core/flow.ts';
import { KERN_ERR, KERN_INFO } from '../core/log.ts';
import type { PseriesKernel } from './pseries-kernel.ts';
import { hcall, spend } from './rtas.ts';

/** State of the migration's stream (LoPAR 17.5), as mobility.c polls it since v5.11. */

/** poll_vasi_state(). @returns the state, or a negative errno */
export function pollVasiState(k: PseriesKernel, stream: bigint): number {
  spend(k, 100);
  const { status, value } = hcall(k, hcalls.H_VASI_STATE, [stream]);
  if (status === hcallStatus.H_SUCCESS) return Number(value);
  if (status === hcallStatus.H_PARAMETER) return -EINVAL;
  if (status === hcallStatus.H_FUNCTION) return -EOPNOTSUPP;
  k.log.print(KERN_ERR, k.release.lines.vasiUnexpected.text(status));
  return -EIO;
}

/** wait_for_vasi_session_suspending(): with firmware without VASI it returns immediately. */
export function* waitForSuspending(k: PseriesKernel, stream: bigint): Flow<number> {
  for (;;) {
    const state = pollVasiState(k, stream);
    if (state === -EOPNOTSUPP || state === vasiState.suspending) return 0;
    if (state < 0) return state;
    if (state !== vasiState.enabled) {
      k.log.print(KERN_ERR, k.release.lines.vasiUnexpected.text(state));
      return -EIO;
    }
    yield 1000;
  }
}

/** wait_for_vasi_session_completed(). */
export function* waitForCompleted(k: PseriesKernel, stream: bigint): Flow<void> {
  k.log.print(KERN_INFO, k.release.lines.transferAwaited.text());
  for (;;) {
    const state = pollVasiState(k, stream);
    if (state === -EINVAL || state === vasiState.completed) {
      k.log.print(KERN_INFO, k.release.lines.transferDone.text());
      return;
    }
    if (state < 0) {
      k.log.print(KERN_ERR, k.release.lines.transferError.text(state));
      return;
    }
    if (state !== vasiState.resumed) {
      k.log.print(KERN_ERR, k.release.lines.vasiUnexpected.text(state));
      return;
    }
    yield 500;
  }
}

/** Initiator of the cancellation, in the reason code: the migrating partition. */
const MIGRATING_PARTITION = 6;

/** pseries_cancel_migration(). */
export function cancelMigration(k: PseriesKernel, stream: bigint, error: number): void {
  const reason = BigInt(MIGRATING_PARTITION * 0x100_0000 + (Math.abs(error) & 0xff_ffff));
  const { status } = hcall(k, hcalls.H_VASI_SIGNAL, [stream, BigInt(vasiSignal.cancel), reason]);
  if (status !== 0) k.log.print(KERN_ERR, k.release.lines.vasiSignalError.text(status));
}
