import { linePattern } from '../../partition/index.ts';
import { printedBy } from './known-line.ts';

export const watchdogLines = printedBy('arch/powerpc/kernel/watchdog.c', [
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
