import { linePattern } from '../../partition/index.ts';
import { from } from './known-line.ts';

export const watchdogLines = from('arch/powerpc/kernel/watchdog.c', [
  {
    name: 'watchdog-raised',
    level: 'info',
    pattern: linePattern('watchdogFactor', '([1-9]\\d*)'),
    phase: 'prepare',
    weight: 'step',
    meaning:
      'The watchdog is given $1% more time, because CPUs will stand still (sysctl kernel.nmi_wd_lpm_factor).',
    since: '6.1',
  },
  {
    name: 'watchdog-reset',
    level: 'info',
    pattern: linePattern('watchdogFactor', '0'),
    phase: 'finish',
    weight: 'step',
    meaning: 'The watchdog has its usual time again.',
    since: '6.1',
  },
]);
