import { hcallStatus, hcalls, vasiState } from '../../papr/index.ts';
import { EAGAIN, EIO, ENOSYS } from '../core/errno.ts';
import { KERN_DEBUG, KERN_ERR } from '../core/log.ts';
import { shared } from '../core/watch.ts';
import { joinAll, prodOthers } from './join.ts';
import type { PseriesKernel } from './pseries-kernel.ts';
import { hcall, RTAS_UNKNOWN_SERVICE, rtasCall, rtasToken, spend } from './rtas.ts';

const THREADS_ACTIVE = -9005;

/**
 * rtas_ibm_suspend_me() of v5.10 (arch/powerpc/kernel/rtas.c): one poll of the stream, one attempt.
 * @returns 0, a negative errno, or the status of a hypervisor or RTAS call, which the caller treats as an errno
 */
export function suspendInRtas(k: PseriesKernel, stream: bigint): number {
  const token = rtasToken(k, 'ibm,suspend-me');
  if (token === RTAS_UNKNOWN_SERVICE) return -ENOSYS;
  spend(k, 100);
  const { status, value } = hcall(k, hcalls.H_VASI_STATE, [stream]);
  if (status !== 0) {
    k.log.print(KERN_ERR, `rtas_ibm_suspend_me: vasi_state returned ${status}`);
    return status;
  }
  if (Number(value) === vasiState.enabled) return -EAGAIN;
  if (Number(value) !== vasiState.suspending) {
    k.log.print(KERN_ERR, `rtas_ibm_suspend_me: vasi_state returned state ${value}`);
    return -EIO;
  }
  let error = 0;
  joinAll(k, (cpu, joined) => {
    if (joined === hcallStatus.H_CONTINUE) {
      error = suspendLastCpu(k, token, cpu);
      prodOthers(k, cpu);
    } else if (joined !== hcallStatus.H_SUCCESS) {
      k.log.print(KERN_ERR, `H_JOIN on cpu ${cpu} failed with rc = ${joined}`);
      error = joined;
    }
  });
  if (error !== 0) k.log.print(KERN_ERR, 'Error doing global join');
  return error;
}

function suspendLastCpu(k: PseriesKernel, token: number, cpu: number): number {
  k.log.print(KERN_DEBUG, k.release.lines.suspendCall.text(cpu));
  let status = THREADS_ACTIVE;
  while (status === THREADS_ACTIVE) {
    spend(k, 20);
    k.watcher?.write(shared.server);
    status = rtasCall(k, token, []);
  }
  if (status !== 0) k.log.print(KERN_DEBUG, `ibm,suspend-me returned ${status}`);
  return status;
}
