import { hcalls } from '../../papr/index.ts';
import { EAGAIN } from '../core/errno.ts';
import type { Flow } from '../core/flow.ts';
import { KERN_ERR, KERN_INFO, KERN_NOTICE } from '../core/log.ts';
import { cacheinfoRebuild, cacheinfoTeardown } from './cacheinfo.ts';
import { pseriesDevicetreeUpdate } from './devicetree-update.ts';
import { parseUnsigned } from './numbers.ts';
import type { PseriesKernel } from './pseries-kernel.ts';
import { hcall, isBusy, RTAS_UNKNOWN_SERVICE, rtasBusyDelay, rtasCall, rtasToken } from './rtas.ts';
import { pseriesSuspend } from './suspend.ts';
import { suspendInRtas } from './suspend-in-rtas.ts';
import { migrateVas } from './vas.ts';
import { cancelMigration, waitForCompleted, waitForSuspending } from './vasi.ts';

const MIGRATION_SCOPE = 1;

/** kernel.nmi_wd_lpm_factor, percent. */
const WATCHDOG_FACTOR = 200;

/** hv-24x7's system parameter. */
const PROCESSOR_MODULE_INFO = 43;

/**
 * A write to /sys/kernel/mobility/migration.
 * @param text what was written
 * @returns 0, or a value that the caller treats as an errno
 */
export function* migrationStore(k: PseriesKernel, text: string): Flow<number> {
  const stream = parseUnsigned(text, 64);
  if (typeof stream === 'number') return stream;
  k.ledger.step('migration');
  if (k.release.suspend === 'in mobility.c') return yield* migratePartition(k, stream);
  let error = suspendInRtas(k, stream);
  for (; error === -EAGAIN; error = suspendInRtas(k, stream)) yield 1000;
  if (error !== 0) return error;
  yield* postMobilityFixup(k);
  return 0;
}

/** pseries_migrate_partition(), since v5.11. */
function* migratePartition(k: PseriesKernel, stream: bigint): Flow<number> {
  migrateVas(k, 'suspend');
  let error = yield* waitForSuspending(k, stream);
  if (error === 0) {
    setWatchdogFactor(k, WATCHDOG_FACTOR);
    error = yield* pseriesSuspend(k, stream);
    if (error === 0) {
      yield* postMobilityFixup(k);
      yield* waitForCompleted(k, stream);
    } else cancelMigration(k, stream, error);
    setWatchdogFactor(k, 0);
  }
  migrateVas(k, 'resume');
  return error;
}

function setWatchdogFactor(k: PseriesKernel, percent: number): void {
  if (!k.release.watchdogFactor || !k.config.watchdog) return;
  k.log.print(KERN_INFO, k.release.lines.watchdogFactor.text(percent));
}

/** post_mobility_fixup(): its errors do not reach the writer of the file. */
function* postMobilityFixup(k: PseriesKernel): Flow<void> {
  if (!(yield* activateFirmware(k))) return;
  k.ledger.step('cacheinfo_teardown');
  cacheinfoTeardown(k);
  const status = yield* pseriesDevicetreeUpdate(k, MIGRATION_SCOPE);
  if (status !== 0) k.log.print(KERN_ERR, k.release.lines.updateFailed.text(status));
  k.ledger.step('cacheinfo_rebuild');
  cacheinfoRebuild(k);
  k.ledger.step('after the update');
  hcall(k, hcalls.H_GET_CPU_CHARACTERISTICS, []);
  yield* readSystemParameter(k);
}

/** rtas_activate_firmware(). @returns whether the update may go on */
function* activateFirmware(k: PseriesKernel): Flow<boolean> {
  const token = rtasToken(k, 'ibm,activate-firmware');
  if (token === RTAS_UNKNOWN_SERVICE) {
    if (k.release.needsActivateFirmware) {
      k.log.print(KERN_ERR, k.release.lines.activateRequired.text());
      return false;
    }
    k.log.print(KERN_NOTICE, k.release.lines.activateMissing.text());
    return true;
  }
  let status: number;
  for (;;) {
    if (k.scheduler.contended) yield 'ibm,activate-firmware';
    status = rtasCall(k, token, []);
    if (!isBusy(status)) break;
    yield* rtasBusyDelay(k, status);
  }
  if (status !== 0) k.log.print(KERN_ERR, k.release.lines.activateFailed.text(status));
  return true;
}

/** read_24x7_sys_info(): reads one system parameter. The model does not use its value. */
function* readSystemParameter(k: PseriesKernel): Flow<void> {
  const token = rtasToken(k, 'ibm,get-system-parameter');
  if (token === RTAS_UNKNOWN_SERVICE) return;
  const area = k.rtas.takeWorkArea();
  for (;;) {
    const status = rtasCall(k, token, [PROCESSOR_MODULE_INFO, area.address, 4096]);
    if (k.release.rtasTokens !== 'boot' || !isBusy(status)) break;
    yield* rtasBusyDelay(k, status);
  }
  k.rtas.giveWorkArea(area);
}
