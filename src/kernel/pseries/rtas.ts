import { extendedDelayMs, hcallStatus, rtasStatus } from '../../papr/index.ts';
import type { Flow } from '../core/flow.ts';
import { KERN_ERR } from '../core/log.ts';
import type { Page } from '../core/pages.ts';
import { ThreadExit } from '../core/thread.ts';
import { shared } from '../core/watch.ts';
import { type DeviceNode, findProperty, readCell } from '../of/device-node.ts';
import type { PseriesKernel } from './pseries-kernel.ts';

/**
 * Calls into firmware (arch/powerpc/kernel/rtas.c): the argument block and the buffers are bytes in guest memory, which
 * firmware accesses by physical address.
 */
export const RTAS_UNKNOWN_SERVICE = -1;

/**
 * The token of a function, or `RTAS_UNKNOWN_SERVICE`. Firmware's tokens are those in `/rtas` at boot. Up to v6.1
 * each lookup reads the live tree, so an update of `/rtas` takes effect immediately; since v6.12 it has no effect.
 */
export function rtasToken(k: PseriesKernel, name: string): number {
  const atBoot = k.firmware.tokens.get(name) ?? RTAS_UNKNOWN_SERVICE;
  if (k.release.rtasTokens === 'boot' || !k.rtasNode) return atBoot;
  const now = findProperty(k.rtasNode, name);
  if (now) return now.boot ? atBoot : readCell(now.value);
  return wasRemoved(k.rtasNode, name) ? RTAS_UNKNOWN_SERVICE : atBoot;
}

function wasRemoved(np: DeviceNode, name: string): boolean {
  for (let dead = np.deadprops; dead; dead = dead.next) if (dead.name === name) return true;
  return false;
}

/** rtas_call(). After a hardware error the kernel first fetches the last error. @returns the status */
export function rtasCall(k: PseriesKernel, token: number, args: readonly number[]): number {
  if (token === RTAS_UNKNOWN_SERVICE) return RTAS_UNKNOWN_SERVICE;
  spend(k, 4);
  k.watcher?.write(shared.rtas);
  k.clock.micros += 5;
  const status = k.rtas.enter(k.firmware, token, args, 1);
  if (k.events.enabled) {
    const text = `${functionName(k, token)} returns ${status}`;
    k.events.note('firmware', 'rtas', text, { args }, k.rtas.calls - 1);
  }
  if (status === rtasStatus.hardwareError) fetchLastError(k);
  return status;
}

/** mobility_rtas_call(): the whole page is copied to rtas_data_buf and back, for every status. The call is not repeated. */
export function mobilityRtasCall(k: PseriesKernel, token: number, page: Page, scope: number): number {
  const { address, page: buf } = k.rtas.dataBuf;
  buf.bytes.set(page.bytes);
  const status = rtasCall(k, token, [address, scope]);
  page.bytes.set(buf.bytes);
  return status;
}

function fetchLastError(k: PseriesKernel): void {
  const token = rtasToken(k, 'rtas-last-error');
  if (token === RTAS_UNKNOWN_SERVICE) return;
  const area = k.rtas.takeWorkArea();
  k.rtas.enter(k.firmware, token, [area.address, 1024], 1);
  k.rtas.giveWorkArea(area);
}

function functionName(k: PseriesKernel, token: number): string {
  for (const [name, known] of k.firmware.tokens) if (known === token) return name;
  return `token 0x${token.toString(16)}`;
}

/** Whether a call must be repeated after `rtasBusyDelay`. */
export function isBusy(status: number): boolean {
  return status === rtasStatus.busy || extendedDelayMs(status) !== undefined;
}

/** rtas_busy_delay() for a busy status. Callers check `isBusy` first, so that other statuses need no flow. */
export function* rtasBusyDelay(k: PseriesKernel, status: number): Flow<void> {
  const delay = extendedDelayMs(status);
  k.clock.micros += 10;
  if (k.release.sleepsExtendedDelay) {
    if (delay !== undefined) yield Math.min(delay, 1000);
    else if (k.scheduler.contended) yield 'rtas_busy_delay';
  } else if (k.scheduler.contended) yield delay ?? 1;
}

/** A hypervisor call. One that firmware does not implement returns H_FUNCTION. */
export function hcall(
  k: PseriesKernel,
  opcode: number,
  args: readonly bigint[],
): { status: number; value: bigint } {
  const result = k.firmware.hcall(opcode, args);
  if (!result) return { status: hcallStatus.H_FUNCTION, value: 0n };
  return { status: result.status, value: result.values[0] ?? 0n };
}

/** Budget of a thread. It ends runs with firmware that never finishes. */
const BUDGET = 400_000;

/**
 * Counts the work of a thread that firmware controls. The kernel has no bound and such a thread would run for ever. The model ends it
 * with the message of the hung-task detector.
 */
export function spend(k: PseriesKernel, cost: number): void {
  const thread = k.scheduler.current;
  thread.spent += cost;
  if (thread.spent <= BUDGET) return;
  k.log.print(KERN_ERR, `INFO: task ${thread.comm}:${thread.pid} blocked for more than 120 seconds.`);
  throw new ThreadExit('hung');
}
