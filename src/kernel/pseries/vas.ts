import { hcalls } from '../../papr/index.ts';
import { KERN_ERR, KERN_INFO } from '../core/log.ts';
import type { PseriesKernel } from './pseries-kernel.ts';
import { hcall } from './rtas.ts';

const FEATURES = 2;

/**
 * vas_migration_handler() and hvpipe_migration_handler(): windows are closed before the partition is suspended and reopened
 * afterwards. The model has no windows. It makes the hypervisor calls and logs as the kernel does.
 */
export function migrateVas(k: PseriesKernel, what: 'suspend' | 'resume'): void {
  const action = what === 'suspend' ? 0 : 1;
  if (k.release.vas === 'logged' && k.config.vas)
    k.log.print(KERN_INFO, k.release.lines.vasEvent.text(action));
  if (k.release.vas !== 'absent' && k.config.copypaste) migrateWindows(k, action);
  if (k.release.hvpipe && k.config.hvpipe) {
    k.log.print(KERN_INFO, k.release.lines.hvpipeEvent.text(action));
  }
}

function migrateWindows(k: PseriesKernel, action: number): void {
  for (let feature = 0; feature < FEATURES; feature++) {
    const { status } = hcall(k, hcalls.H_QUERY_VAS_CAPABILITIES, [BigInt(feature)]);
    if (status === 0) continue;
    k.log.print(KERN_ERR, k.release.lines.vasCapabilitiesFailed.text(action, status));
    if (action === 1) return;
  }
  if (k.release.vas === 'logged') k.log.print(KERN_INFO, k.release.lines.vasEventDone.text(action));
}
