import { driverLinePattern, linePattern, vioDrivers } from '../../partition/index.ts';
import type { KnownLine } from './known-line.ts';

const compression = vioDrivers['nx-compress-pseries'];

/** What follows from a migration sooner or later, and what surrounds it. */
export const otherLines: readonly KnownLine[] = [
  {
    name: 'use-after-free',
    pattern: /^refcount_t: (?:addition on 0|underflow); use-after-free\.$/,
    weight: 'trouble',
    meaning:
      'Somebody uses a node after its last reference was dropped: its memory may belong to something else by now. Printed once per boot and place, so this one line may stand for many.',
  },
  {
    name: 'count-saturated',
    pattern: /^refcount_t: (?:saturated|decrement hit 0); leaking memory\.$/,
    weight: 'trouble',
    meaning:
      'A reference count is out of order and was frozen; what it counts is never freed. Usually follows a use after free.',
  },
  {
    name: 'bad-put',
    pattern: linePattern('badPut'),
    weight: 'trouble',
    meaning:
      'A reference to $1 was dropped that nobody had taken: the node was about to be freed while it is still in the tree.',
  },
  {
    name: 'freed-with-children',
    pattern: /^OF: ERROR: of_node_release\(\) unexpected children for (.+)$/,
    weight: 'trouble',
    meaning: '$1 was freed while there were nodes below it, which now point to memory that is gone.',
    since: '6.12',
  },
  {
    name: 'sysfs-duplicate',
    pattern: /^sysfs: cannot create duplicate filename '(.+)'$/,
    weight: 'trouble',
    meaning: 'Two things want to be $1; the second one is missing.',
  },
  {
    name: 'cache-warning',
    pattern: /^WARNING: .*arch\/powerpc\/kernel\/cacheinfo\.c.*$/,
    weight: 'trouble',
    meaning: "The kernel's picture of the caches does not fit together: cache nodes were replaced under it.",
  },
  {
    name: 'of-node-link',
    pattern: /^(?:.+ )?Error (-?\d+) creating of_node link$/,
    weight: 'trouble',
    meaning: 'A device was made without its of_node link (errno $1).',
  },
  {
    name: 'kernel-oops',
    pattern: /^(?:BUG: |Oops: |kernel BUG at |Kernel panic - not syncing|Unable to handle kernel).*$/,
    weight: 'trouble',
    meaning: 'The kernel itself failed.',
  },
  {
    name: 'cpu-stuck',
    pattern:
      /^(?:rcu: INFO: \S+ (?:self-)?detected (?:expedited )?stall|watchdog: CPU \d+ .*LOCKUP|watchdog: BUG: soft lockup|INFO: task .* blocked for more than).*$/,
    weight: 'trouble',
    meaning:
      'A CPU or task has not moved for long. During a migration this may be only the time it stood still; repeated, it is a hang.',
  },
  {
    name: 'process-crashed',
    pattern: /^(\S+\[\d+\]): (?:unhandled signal 11|(?:bad frame|segfault)) .*$/,
    weight: 'trouble',
    meaning:
      'Process $1 crashed. Several at once right after a migration mean that memory did not arrive as it was.',
  },
  {
    name: 'dlpar-failed',
    pattern: /^dlpar: Could not handle DLPAR request "(.+)"$/,
    weight: 'trouble',
    meaning: 'A request to add or remove hardware ($1) failed.',
  },
  {
    name: 'dlpar-exists',
    pattern:
      /^dlpar: dlpar_hp_dt_add: Adding device node for index \((\d+)\), but already exists in the device tree$/,
    weight: 'trouble',
    meaning: 'Hardware with drc index $1 was to be added, but a node with that index is still there.',
    since: '6.12',
  },
  {
    name: 'ofdt-refused',
    pattern: /^property parse failed in parse_next_property at line (\d+)$/,
    weight: 'trouble',
    meaning: 'A command written to /proc/ppc64/ofdt was not well formed and had no effect.',
  },
  {
    name: 'locked-down',
    pattern: /^Lockdown: (.+): modifying device tree contents is restricted; see man kernel_lockdown\.7$/,
    weight: 'trouble',
    meaning: '$1 wanted to change the device tree, which kernel lockdown forbids.',
    since: '6.1',
  },
  {
    name: 'rtas-blocked',
    pattern: /^sys_rtas: RTAS call blocked - exploit attempt\?$/,
    weight: 'trouble',
    meaning:
      'A program asked for a firmware call that it may not make; old drmgr versions do so in a migration.',
  },
  {
    name: 'boot',
    pattern: /^Linux version (\S+)(?: .*)?$/,
    weight: 'step',
    meaning: 'Linux $1 starts.',
  },
  {
    name: 'limits-read',
    pattern: driverLinePattern(compression, compression.lines.value, '(\\w+)', '(\\d+)', '(?!\\3$)\\d+'),
    weight: 'step',
    meaning: 'The compression driver takes $2 = $3 from its node, $1. It will not change it again.',
  },
  {
    name: 'device-disabled',
    pattern: driverLinePattern(compression, compression.lines.disabled),
    weight: 'notable',
    meaning:
      'The status of $1 is not "okay", or a property of it is missing or malformed: this partition has no compression in hardware.',
  },
  {
    name: 'properties-missing',
    pattern: /^nx[-_]compress[-_]pseries (\S+): nx842_OF_upd: Could not locate device properties$/,
    weight: 'trouble',
    meaning: '$1 lacks status, ibm,max-sg-len or ibm,max-sync-cop: the driver cannot use it.',
  },
  {
    name: 'encryption-not-okay',
    pattern:
      /^nx[-_]crypto (\S+): (?:nx_of_init: .*property '(.+)' not found|.*status '(.*)' is not 'okay')$/,
    weight: 'notable',
    meaning:
      'The encryption driver cannot use all of $1: a property is missing, or its status is not "okay".',
  },
  {
    name: 'encryption-limit-zero',
    pattern: /^nx[-_]crypto (\S+): bogus sglen\/databytelen for (\S+): 0\/0 \(ignored\)$/,
    weight: 'notable',
    meaning: 'ibm,max-sync-cop of $1 gives no limits for function/mode/key size $2; the driver does without.',
  },
];
