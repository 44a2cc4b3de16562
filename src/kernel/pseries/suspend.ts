import { hcallStatus, vasiState } from '../../papr/index.ts';
import { EAGAIN, EBUSY, ECANCELED, EIO, EOPNOTSUPP } from '../core/errno.ts';
import type { Flow } from '../core/flow.ts';
import { KERN_ERR, KERN_INFO, KERN_NOTICE } from '../core/log.ts';
import { shared } from '../core/watch.ts';
import { joinAll, prodOthers } from './join.ts';
import type { PseriesKernel } from './pseries-kernel.ts';
import { rtasCall, rtasToken, spend } from './rtas.ts';
import { pollVasiState } from './vasi.ts';

const MAX_ATTEMPTS = 5;

/** pseries_suspend(), since v5.11: joins all CPUs and suspends, up to five times. @returns 0 or a negative errno */
export function* pseriesSuspend(k: PseriesKernel, stream: bigint): Flow<number> {
  let retryMs = 1;
  for (let attempt = 1; ; attempt++) {
    const error = stopMachine(k);
    if (error === 0) return 0;
    k.log.print(KERN_NOTICE, k.release.lines.suspendAttempt.text(attempt, MAX_ATTEMPTS, error));
    if (attempt === MAX_ATTEMPTS || !mayRetry(k, stream)) return error;
    k.log.print(KERN_NOTICE, k.release.lines.suspendRetry.text(retryMs));
    yield retryMs;
    retryMs *= 10;
  }
}

function mayRetry(k: PseriesKernel, stream: bigint): boolean {
  const state = pollVasiState(k, stream);
  if (state === vasiState.suspending || state === -EOPNOTSUPP) return true;
  if (state >= 0) k.log.print(KERN_NOTICE, k.release.lines.vasiAfterSuspend.text(state));
  else k.log.print(KERN_ERR, k.release.lines.vasiPollError.text(state));
  return false;
}

/** stop_machine(do_join): no other thread runs. @returns the last error of any CPU */
function stopMachine(k: PseriesKernel): number {
  let done = false;
  let error = 0;
  joinAll(k, (cpu, status) => {
    const result = afterJoin(k, cpu, status, done);
    if (result !== 0) error = result;
    if (done) return;
    k.log.print(KERN_INFO, k.release.lines.threadsWoken.text(cpu));
    done = true;
    prodOthers(k, cpu);
  });
  return error;
}

/** do_join() after the return of H_JOIN. */
function afterJoin(k: PseriesKernel, cpu: number, status: number, done: boolean): number {
  if (status === hcallStatus.H_CONTINUE) return doSuspend(k, cpu);
  if (status === hcallStatus.H_SUCCESS && done) return 0;
  if (status === hcallStatus.H_SUCCESS) {
    k.log.print(KERN_INFO, k.release.lines.joinPremature.text(cpu));
    spend(k, 1);
    return doSuspend(k, cpu);
  }
  k.log.print(KERN_ERR, k.release.lines.joinError.text(status, cpu));
  return -EIO;
}

function doSuspend(k: PseriesKernel, cpu: number): number {
  k.log.print(KERN_INFO, k.release.lines.suspendCall.text(cpu));
  k.watcher?.write(shared.server);
  const status = rtasCall(k, rtasToken(k, 'ibm,suspend-me'), []);
  if (status === 0) return 0;
  k.log.print(KERN_ERR, k.release.lines.suspendError.text(status));
  return suspendErrors.get(status) ?? -EIO;
}

/** rtas_ibm_suspend_me(): aborted, other threads active, not suspendable, coprocessor operations outstanding. */
const suspendErrors: ReadonlyMap<number, number> = new Map([
  [9000, -ECANCELED],
  [-9005, -EAGAIN],
  [-9004, -EBUSY],
  [-9006, -EBUSY],
]);
