import { linePattern } from '../../partition/index.ts';
import type { KnownLine } from './known-line.ts';

/**
 * Lines of a migration itself, in the order in which they come (arch/powerpc/platforms/pseries/mobility.c and, before
 * v5.11, arch/powerpc/kernel/rtas.c).
 */
export const migrationLines: readonly KnownLine[] = [
  {
    name: 'vas-suspend',
    pattern: linePattern('vasEvent', '0'),
    phase: 'prepare',
    weight: 'step',
    meaning:
      'A migration begins: windows to the accelerators (gzip from user space) are closed, for the hypervisor refuses to move a partition that has one open.',
    since: '6.12',
  },
  {
    name: 'hvpipe-suspend',
    pattern: linePattern('hvpipeEvent', '0'),
    phase: 'prepare',
    weight: 'step',
    meaning: 'A migration begins: the pipe to the management console is closed.',
    since: '7.2',
  },
  {
    name: 'watchdog-raised',
    pattern: linePattern('watchdogFactor', '([1-9]\\d*)'),
    phase: 'prepare',
    weight: 'step',
    meaning:
      'The watchdog is given $1% more time, because CPUs will stand still (sysctl kernel.nmi_wd_lpm_factor).',
    since: '6.1',
  },
  {
    name: 'vasi-refused',
    pattern: /^rtas_ibm_suspend_me: vasi_state returned (?:state )?(-?\d+)$/,
    phase: 'suspend',
    weight: 'trouble',
    meaning:
      'The hypervisor does not know this migration, or is done with it (VASI state or status $1): nothing was moved.',
    until: '5.10',
  },
  {
    name: 'suspend-called',
    pattern: linePattern('suspendCall'),
    phase: 'suspend',
    weight: 'step',
    meaning:
      'All other CPUs have stopped; CPU $1 asks firmware to suspend the partition. It moves in this call.',
  },
  {
    name: 'suspend-returned',
    pattern: /^ibm,suspend-me returned (-?\d+)$/,
    phase: 'resume',
    weight: 'step',
    meaning: 'The call came back with status $1; 0 is success, on the new server.',
    until: '5.10',
  },
  {
    name: 'join-premature',
    pattern: linePattern('joinPremature'),
    phase: 'suspend',
    weight: 'step',
    meaning: 'CPU $1 woke before the others were ready and lies down again; harmless.',
    since: '6.1',
  },
  {
    name: 'join-failed',
    pattern:
      /^(?:mobility: H_JOIN error (-?\d+) on CPU \d+|H_JOIN on cpu \d+ failed with rc = (-?\d+)|Error doing global join)$/,
    phase: 'suspend',
    weight: 'trouble',
    meaning: 'A CPU could not be stopped: the partition cannot be suspended.',
  },
  {
    name: 'suspend-failed',
    pattern: linePattern('suspendError'),
    phase: 'suspend',
    weight: 'trouble',
    meaning:
      'Firmware did not suspend the partition, status $1 (9000 aborted; -9004 not suspendable; -9005 a thread is active; -9006 a coprocessor is busy; -1 hardware, or no such call).',
    since: '5.11',
  },
  {
    name: 'threads-woken',
    pattern: linePattern('threadsWoken'),
    phase: 'resume',
    weight: 'step',
    meaning: 'CPU $1 is back and wakes the others: on the new server, if the suspend succeeded.',
    since: '5.11',
  },
  {
    name: 'prod-failed',
    pattern: linePattern('prodError'),
    phase: 'resume',
    weight: 'trouble',
    meaning: 'CPU $1 could not be woken (status $3).',
    since: '5.11',
  },
  {
    name: 'suspend-attempt-failed',
    pattern: linePattern('suspendAttempt'),
    phase: 'suspend',
    weight: 'trouble',
    meaning: 'Attempt $1 of $2 to suspend failed with errno $3.',
    since: '5.11',
  },
  {
    name: 'suspend-retried',
    pattern: linePattern('suspendRetry'),
    phase: 'suspend',
    weight: 'step',
    meaning: 'It is tried again after $1 ms.',
    since: '5.11',
  },
  {
    name: 'suspend-given-up',
    pattern: linePattern('vasiAfterSuspend'),
    phase: 'suspend',
    weight: 'trouble',
    meaning:
      'The hypervisor has ended the migration itself (VASI state $1; 2 is aborted): no further attempt.',
    since: '5.11',
  },
  {
    name: 'cancel-failed',
    pattern: linePattern('vasiSignalError'),
    phase: 'suspend',
    weight: 'trouble',
    meaning:
      'The kernel gave the migration up, and could not even tell the hypervisor (status $1). The partition did not move.',
    since: '5.11',
  },
  {
    name: 'activate-missing',
    pattern: linePattern('activateMissing'),
    phase: 'update',
    weight: 'step',
    meaning: 'Firmware offers no ibm,activate-firmware; the kernel goes on.',
    since: '5.11',
  },
  {
    name: 'activate-failed',
    pattern: linePattern('activateFailed'),
    phase: 'update',
    weight: 'trouble',
    meaning: 'Firmware could not be activated on the new server; the kernel goes on.',
  },
  {
    name: 'activate-missing-fatal',
    pattern: linePattern('activateRequired'),
    phase: 'update',
    weight: 'trouble',
    meaning:
      'Firmware offers no ibm,activate-firmware, and this kernel then does not update its device tree at all: everything in it is as on the old server.',
    until: '5.10',
  },
  {
    name: 'transfer-awaited',
    pattern: linePattern('transferAwaited'),
    phase: 'transfer',
    weight: 'step',
    meaning:
      'The device tree is done. The partition runs on the new server while the rest of its memory follows.',
    since: '6.1',
  },
  {
    name: 'transfer-done',
    pattern: linePattern('transferDone'),
    phase: 'transfer',
    weight: 'step',
    meaning: 'All memory has arrived: the migration is complete.',
    since: '6.1',
  },
  {
    name: 'transfer-unknown',
    pattern: linePattern('transferError'),
    phase: 'transfer',
    weight: 'step',
    meaning:
      'The hypervisor does not say how far the memory is (errno $1; -95: it cannot); the kernel stops asking.',
    since: '6.1',
  },
  {
    name: 'vasi-unexpected',
    pattern: /^mobility: (?:unexpected H_VASI_STATE result|VASI state poll error:) (-?\d+)$/,
    weight: 'trouble',
    meaning:
      'The hypervisor answered $1 when asked how the migration stands, which this kernel does not expect.',
    since: '5.11',
  },
  {
    name: 'watchdog-reset',
    pattern: linePattern('watchdogFactor', '0'),
    phase: 'finish',
    weight: 'step',
    meaning: 'The watchdog has its usual time again.',
    since: '6.1',
  },
  {
    name: 'vas-resume',
    pattern: linePattern('vasEvent', '1'),
    phase: 'finish',
    weight: 'step',
    meaning: 'Windows to the accelerators are opened again.',
    since: '6.12',
  },
  {
    name: 'hvpipe-resume',
    pattern: linePattern('hvpipeEvent', '1'),
    phase: 'finish',
    weight: 'step',
    meaning: 'The pipe to the management console is opened again.',
    since: '7.2',
  },
];
