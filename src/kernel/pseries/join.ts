import { hcallStatus, hcalls } from '../../papr/index.ts';
import { KERN_ERR } from '../core/log.ts';
import type { PseriesKernel } from './pseries-kernel.ts';

/**
 * H_JOIN of every CPU. All but the last one wait until they are prodded; the last one suspends the partition. The chooser decides
 * which CPU is last; the default is the highest.
 *
 * @param onCpu called with the status of H_JOIN for each CPU, the last one first
 */
export function joinAll(k: PseriesKernel, onCpu: (cpu: number, status: number) => void): void {
  const last = k.cpus - 1 - (k.cpus > 1 ? k.chooser.choose(k.cpus, 'last to join') : 0);
  onCpu(last, join(k, hcallStatus.H_CONTINUE));
  for (let cpu = 0; cpu < k.cpus; cpu++) if (cpu !== last) onCpu(cpu, join(k, hcallStatus.H_SUCCESS));
}

/** The status from firmware, or that of the architecture if firmware does not implement H_JOIN. */
function join(k: PseriesKernel, expected: number): number {
  return k.firmware.hcall(hcalls.H_JOIN, [])?.status ?? expected;
}

/** H_PROD of every other CPU (`prod_others`). */
export function prodOthers(k: PseriesKernel, cpu: number): void {
  for (let other = 0; other < k.cpus; other++) {
    if (other === cpu) continue;
    const status = k.firmware.hcall(hcalls.H_PROD, [BigInt(other)])?.status ?? hcallStatus.H_SUCCESS;
    if (status !== hcallStatus.H_SUCCESS) {
      k.log.print(KERN_ERR, k.release.lines.prodError.text(other, other, status));
    }
  }
}
