import { linePattern } from '../../partition/index.ts';
import { printedBy } from './known-line.ts';

/** The suspend of kernels before v5.11. */
const suspend = printedBy('arch/powerpc/kernel/rtas.c, up to v5.10', [
  {
    name: 'vasi-refused',
    level: 'err',
    pattern: /^rtas_ibm_suspend_me: vasi_state returned (?:state )?(-?\d+)$/,
    phase: 'suspend',
    weight: 'trouble',
    meaning:
      'The hypervisor does not know this migration, or has ended it (VASI state or status $1): nothing was moved.',
    proves: 'did not move',
    rule: 'suspend-failed',
    subject: 'H_VASI_STATE',
    until: '5.10',
  },
  {
    name: 'suspend-returned',
    level: 'debug',
    pattern: /^ibm,suspend-me returned (-?\d+)$/,
    phase: 'suspend',
    weight: 'trouble',
    meaning:
      'The suspend failed. This kernel prints the line on failure only, whatever the status (here $1): 0 says that another CPU failed.',
    proves: 'did not move',
    rule: 'suspend-failed',
    subject: 'ibm,suspend-me',
    until: '5.10',
  },
  {
    name: 'join-failed-before-5.11',
    level: 'err',
    pattern: /^H_JOIN on cpu (\d+) failed with rc = (-?\d+)$/,
    phase: 'suspend',
    weight: 'trouble',
    meaning: 'CPU $1 could not be stopped (status $2): the partition cannot be suspended.',
    proves: 'did not move',
    rule: 'suspend-failed',
    subject: 'H_JOIN',
    until: '5.10',
  },
  {
    name: 'join-error',
    level: 'err',
    pattern: /^Error doing global join$/,
    phase: 'suspend',
    weight: 'trouble',
    meaning: 'A CPU could not be stopped, or the suspend failed: the partition did not move.',
    proves: 'did not move',
    rule: 'suspend-failed',
    subject: 'H_JOIN',
    until: '5.10',
  },
  {
    name: 'cpus-not-online',
    level: 'err',
    pattern: /^rtas_ibm_suspend_me: Could not bring present CPUs online\.$/,
    phase: 'suspend',
    weight: 'trouble',
    meaning: 'CPUs that are offline could not be started for the suspend: the migration was not begun.',
    proves: 'did not move',
    rule: 'suspend-failed',
    subject: 'CPUs',
    until: '5.9',
  },
  {
    name: 'cpus-not-restored',
    level: 'err',
    pattern: /^rtas_ibm_suspend_me: Could not restore CPUs to offline state\.$/,
    phase: 'resume',
    weight: 'notable',
    meaning: 'CPUs that were offline before the suspend are online now.',
    until: '5.9',
  },
]);

const hibernation = printedBy('arch/powerpc/platforms/pseries/suspend.c', [
  {
    name: 'hibernation-refused',
    level: 'err',
    pattern: /^pseries_suspend_begin: vasi_state returned (?:state )?(-?\d+)$/,
    weight: 'trouble',
    meaning:
      'The hypervisor refuses to hibernate the partition (VASI state or status $1). This is not a migration.',
    rule: 'suspend-failed',
    subject: 'hibernation',
  },
]);

const firmware = printedBy('arch/powerpc/kernel/rtas.c', [
  {
    name: 'activate-missing',
    level: 'notice',
    pattern: linePattern('activateMissing'),
    phase: 'update',
    weight: 'step',
    meaning: 'Firmware offers no ibm,activate-firmware; the kernel goes on.',
    proves: 'moved',
    since: '5.11',
  },
  {
    name: 'activate-failed',
    level: 'err',
    pattern: linePattern('activateFailed'),
    phase: 'update',
    weight: 'trouble',
    meaning: 'Firmware could not be activated on the new server (status $1); the kernel goes on.',
    proves: 'moved',
    rule: 'firmware-not-activated',
    subject: 'ibm,activate-firmware',
  },
  {
    name: 'rtas-blocked',
    level: 'err',
    pattern: /^sys_rtas: RTAS call blocked - exploit attempt\?$/,
    weight: 'trouble',
    meaning:
      'A program called a firmware function that it may not call; old drmgr versions do so in a migration.',
    rule: 'refused-request',
    subject: 'sys_rtas',
  },
  {
    name: 'rtas-blocked-call',
    level: 'err',
    pattern: /^sys_rtas: (\S+) nargs=\d+ \(called by (\S+)\)$/,
    weight: 'notable',
    meaning: 'The blocked firmware call was $1, by $2.',
  },
  {
    name: 'rtas-error',
    level: 'err',
    pattern: /^(?:rtas: )?(\S+): unexpected error (-?\d+)$/,
    weight: 'notable',
    meaning: '$1() received a status of firmware that it does not expect ($2).',
  },
]);

const events = printedBy('arch/powerpc/kernel/rtasd.c', [
  {
    name: 'rtas-event',
    level: 'debug',
    pattern: /^RTAS: event: (\d+), Type: (.+) \((\d+)\), Severity: (\d+)$/,
    weight: 'step',
    meaning: 'Firmware reports event $1: $2.',
  },
  {
    name: 'reassignment-ignored',
    level: 'info',
    pattern: /^(?:rtasd: )?Platform resource reassignment ignored\.$/,
    weight: 'harmless',
    meaning:
      'Firmware offered to reassign resources (PRRN). This kernel does not take part in that; placement stays as it is.',
  },
]);

export const rtasLines = [...suspend, ...hibernation, ...firmware, ...events];
