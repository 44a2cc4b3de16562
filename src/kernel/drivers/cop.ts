import { hcalls } from '../../papr/index.ts';
import { E2BIG, EACCES, EINVAL, EPERM } from '../core/errno.ts';
import type { Flow } from '../core/flow.ts';
import { shared } from '../core/watch.ts';
import type { PseriesKernel } from '../pseries/pseries-kernel.ts';
import type { VioDevice } from '../pseries/vio-bus.ts';

/** H_BUSY, H_RESOURCE, H_NOT_ENOUGH_RESOURCES: the call is repeated. */
const busyStatuses: ReadonlySet<number> = new Set([1, -16, -44]);

/** H_OP_MODE, H_TOO_BIG; H_RESCINDED; H_HARDWARE. */
const errors: ReadonlyMap<number, number> = new Map([
  [-73, -E2BIG],
  [-64, -E2BIG],
  [-46, -EACCES],
  [-1, -EPERM],
]);

const MAX_TRIES = 1000;

/** Bytes of a scatter/gather entry, and of a page. */
const ENTRY_SIZE = 16;
const NX_PAGE_SIZE = 4096;

/**
 * vio_h_cop_sync() (vio.c): one operation of the coprocessor. The model passes lengths as the drivers do, the length of a
 * list as the negative size of its entries, and no addresses. Without a hypervisor the operation succeeds.
 * @returns 0 or a negative errno
 */
export function* hCopSync(k: PseriesKernel, device: VioDevice, flags: number, length: number): Flow<number> {
  const described = length <= NX_PAGE_SIZE ? length : -ENTRY_SIZE * Math.ceil(length / NX_PAGE_SIZE);
  const size = BigInt(described);
  const args = [BigInt(flags), BigInt(device.resourceId), 0n, size, 0n, size, 0n];
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    // Only another CPU can run other threads here: neither driver can be preempted.
    if (k.cpus > 1 && k.scheduler.contended) yield 'H_COP';
    k.watcher?.read(shared.server);
    const status = k.firmware.hcall(hcalls.H_COP, args)?.status ?? 0;
    k.clock.micros += 10;
    if (status === 0) return 0;
    if (!busyStatuses.has(status)) return errors.get(status) ?? -EINVAL;
  }
  return -EINVAL;
}
