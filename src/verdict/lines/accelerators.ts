import { driverLinePattern, linePattern, vioDrivers } from '../../partition/index.ts';
import { printedBy } from './known-line.ts';

const driver = vioDrivers['nx-compress-pseries'];

const vas = printedBy('arch/powerpc/platforms/pseries/vas.c', [
  {
    name: 'vas-suspend',
    level: 'info',
    pattern: linePattern('vasEvent', '0'),
    phase: 'prepare',
    weight: 'step',
    meaning:
      'A migration begins: windows to the accelerators (gzip from user space) are closed, because the hypervisor refuses to move a partition with an open window.',
    since: '6.12',
  },
  {
    name: 'vas-resume',
    level: 'info',
    pattern: linePattern('vasEvent', '1'),
    phase: 'finish',
    weight: 'step',
    meaning: 'Windows to the accelerators are opened again.',
    since: '6.12',
  },
  {
    name: 'vas-event-done',
    level: 'info',
    pattern: linePattern('vasEventDone'),
    weight: 'step',
    meaning: 'The windows to the accelerators are done with event $1 (0 closed, 1 opened).',
    since: '6.12',
  },
  {
    name: 'vas-credits-differ',
    level: 'err',
    pattern: /^vas: Target credits mismatch with the hypervisor$/,
    weight: 'trouble',
    meaning:
      'The new server grants another number of accelerator windows than the kernel expects: windows that it cannot open again stay closed, and gzip from user space falls back to software.',
    rule: 'accelerator-credits',
    subject: 'vas',
  },
  {
    name: 'vas-credits-hypervisor',
    level: 'err',
    pattern: /^vas: state\((\d+)\): lpar creds: (\d+) HV lpar creds: (\d+)$/,
    weight: 'notable',
    meaning: 'The kernel counts $2 windows for this partition, the hypervisor $3.',
  },
  {
    name: 'vas-credits-used',
    level: 'err',
    pattern: /^vas: Used creds: (\d+), Active creds: (\d+)$/,
    weight: 'notable',
    meaning: '$1 accelerator windows are in use, $2 of them open.',
  },
  {
    name: 'vas-capabilities-failed',
    level: 'err',
    pattern: linePattern('vasCapabilitiesFailed'),
    weight: 'trouble',
    meaning:
      'The hypervisor did not report what accelerator windows the new server has (errno $2): the closed ones stay closed.',
    rule: 'accelerator-credits',
    subject: 'vas',
  },
  {
    name: 'vas-reconfig-failed',
    level: 'err',
    pattern: /^vas: Failed reconfig VAS capabilities with DLPAR$/,
    weight: 'trouble',
    meaning: 'After CPUs were added or removed, the number of accelerator windows could not be adapted.',
    rule: 'accelerator-credits',
    subject: 'vas',
  },
  {
    name: 'vas-window-error',
    level: 'err',
    pattern:
      /^vas: (H_(?:DEALLOCATE|ALLOCATE|MODIFY)_VAS_WINDOW|H_GET_NX_FAULT|H_QUERY_(?:VAS|NX)_CAPABILITIES|H_HOME_NODE_ASSOCIATIVITY):? error:? (-?\d+)\b.*$/,
    weight: 'trouble',
    meaning: 'The hypervisor refused $1 (status $2); a program that uses the accelerator gets an error.',
    rule: 'accelerator-failed',
    subject: '$1',
  },
  {
    name: 'vas-no-credits',
    level: 'err',
    pattern:
      /^vas: (?:Credits are not available to allocate window|No credit is available to allocate window)$/,
    weight: 'notable',
    meaning: 'All accelerator windows of the partition are in use; a program compresses in software instead.',
  },
  {
    name: 'vas-needs-radix',
    level: 'err',
    pattern: /^vas: API is supported only with radix page tables$/,
    weight: 'notable',
    meaning: 'The partition runs with hash page tables: programs cannot use the accelerators.',
  },
  {
    name: 'vas-unsupported',
    level: 'err',
    pattern:
      /^vas: (?:User space COPY\/PASTE is not supported|H_ALLOCATE_VAS_WINDOW: COPY\/PASTE is not supported)$/,
    weight: 'notable',
    meaning: 'This server does not let programs use the accelerators.',
  },
  {
    name: 'vas-ready',
    level: 'info',
    pattern: /^vas: GZIP feature is available$/,
    weight: 'step',
    meaning: 'Programs can use the gzip accelerator.',
  },
]);

const hvpipe = printedBy('arch/powerpc/platforms/pseries/papr-hvpipe.c', [
  {
    name: 'hvpipe-suspend',
    level: 'info',
    pattern: linePattern('hvpipeEvent', '0'),
    phase: 'prepare',
    weight: 'step',
    meaning: 'A migration begins: the pipe to the management console is closed.',
    since: '7.2',
  },
  {
    name: 'hvpipe-resume',
    level: 'info',
    pattern: linePattern('hvpipeEvent', '1'),
    phase: 'finish',
    weight: 'step',
    meaning: 'The pipe to the management console is opened again.',
    since: '7.2',
  },
]);

const compression = printedBy('drivers/crypto/nx/nx-common-pseries.c', [
  {
    name: 'limits-read',
    level: 'info',
    pattern: driverLinePattern(driver, driver.lines.value, '(\\w+)', '(\\d+)', '(?!\\3$)\\d+'),
    weight: 'step',
    meaning: 'The compression driver reads $2 = $3 from its node, $1. It will not change it again.',
  },
  {
    name: 'limits-kept',
    level: 'info',
    pattern: driverLinePattern(driver, driver.lines.value, '(\\w+)', '(\\d+)', '\\3'),
    weight: 'notable',
    meaning:
      'The compression driver was notified that $1 has changed, and keeps $2 at $3: it does so whatever the new value is.',
  },
  {
    name: 'device-disabled',
    level: 'info',
    pattern: driverLinePattern(driver, driver.lines.disabled),
    weight: 'notable',
    meaning:
      'The status of $1 is not "okay", or a property of it is missing or malformed: this partition has no compression in hardware.',
    rule: 'device-disabled',
    subject: '/ibm,platform-facilities/$1',
  },
  {
    name: 'properties-missing',
    level: 'err',
    pattern: /^nx[-_]compress[-_]pseries (\S+): nx842_OF_upd: Could not locate device properties$/,
    weight: 'trouble',
    meaning: '$1 lacks status, ibm,max-sg-len or ibm,max-sync-cop: the driver cannot use it.',
    rule: 'accelerator-failed',
    subject: '/ibm,platform-facilities/$1',
  },
]);

const encryption = printedBy('drivers/crypto/nx/nx.c', [
  {
    name: 'encryption-not-okay',
    level: 'info',
    pattern:
      /^nx[-_]crypto (\S+): (?:nx_of_init: .*property '(.+)' not found|.*status '(.*)' is not 'okay')$/,
    weight: 'notable',
    meaning:
      'The encryption driver cannot use all of $1: a property is missing, or its status is not "okay".',
  },
  {
    name: 'encryption-limit-zero',
    level: 'warn',
    pattern: /^nx[-_]crypto (\S+): bogus sglen\/databytelen for (\S+): 0\/0 \(ignored\)$/,
    weight: 'notable',
    meaning: 'ibm,max-sync-cop of $1 gives no limits for function/mode/key size $2; the driver does without.',
  },
]);

const counters = printedBy('arch/powerpc/perf/hv-24x7.c', [
  {
    name: 'parameter-unexpected',
    level: 'err',
    pattern: /^(?:\S+: )?unexpected ibm,get-system-parameter result (-?\d+)$/,
    weight: 'step',
    meaning:
      'A parameter of the new server could not be read (status $1); performance counters may show less.',
  },
  {
    name: 'counters-read',
    level: 'info',
    pattern: /^hv-24x7: read (\d+) catalog entries, created (\d+) event attrs \((\d+) failures\), \d+ descs$/,
    weight: 'step',
    meaning: 'The catalogue of performance counters was read: $2 counters of $1 entries.',
  },
  {
    name: 'counters-refused',
    level: 'notice',
    pattern:
      /^hv-24x7: hcall failed: \[.*\] => ret 0x[0-9a-f]+ \((-?\d+)\) detail=0x([0-9a-f]+) failing ix=\S+$/,
    weight: 'notable',
    meaning:
      "The hypervisor did not return performance counters (status $1, detail 0x$2): this server or the partition's profile does not allow them. Nothing else is concerned.",
  },
  {
    name: 'catalog-failed',
    level: 'err',
    pattern: /^hv-24x7: h_get_24x7_catalog_page\(ver=-?\d+, page=-?\d+\) failed: rc=(-?\d+)$/,
    weight: 'notable',
    meaning: 'The catalogue of performance counters could not be read (status $1).',
  },
]);

export const acceleratorLines = [...vas, ...hvpipe, ...compression, ...encryption, ...counters];
