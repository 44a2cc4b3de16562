import { linePattern } from '../../partition/index.ts';
import { printedBy } from './known-line.ts';

const nodes = printedBy('drivers/of/dynamic.c', [
  {
    name: 'bad-put',
    level: 'err',
    pattern: linePattern('badPut'),
    weight: 'trouble',
    meaning:
      'A reference to $1 was dropped that nothing had taken: the node was about to be freed while it is still in the tree.',
    rule: 'bad-put',
    subject: '$1',
  },
  {
    name: 'freed-with-children',
    level: 'err',
    pattern: /^OF: ERROR: of_node_release\(\) unexpected children for (.+)$/,
    weight: 'trouble',
    meaning: '$1 was freed while there were nodes below it, which now point to memory that is gone.',
    rule: 'freed-with-children',
    subject: '$1',
    since: '6.12',
  },
  {
    name: 'changeset-leak',
    level: 'err',
    pattern:
      /^OF: ERROR: memory leak, expected refcount 1 instead of (\d+), of_node_get\(\)\/of_node_put\(\) unbalanced - destroy cset entry: attach overlay node (.+)$/,
    weight: 'notable',
    meaning: '$2 is never freed: $1 references to it are held where 1 is expected.',
  },
  {
    name: 'changeset-failed',
    level: 'err',
    pattern: /^OF: (?:Error (applying|reverting) changeset \((-?\d+)\)|changeset notifier error @(.+))$/,
    weight: 'trouble',
    meaning: 'A change of several nodes was not made as a whole: the tree may hold a part of it.',
    rule: 'changeset-failed',
    subject: 'changeset',
  },
]);

const names = printedBy('drivers/of/kobj.c', [
  {
    name: 'duplicate-name',
    level: 'warn',
    pattern: /^Duplicate name in (.+), renamed to "(.+)"$/,
    weight: 'trouble',
    meaning:
      'A node was added to $1 under a name that was taken; /proc/device-tree shows it as $2. The old one should have been removed before.',
    rule: 'duplicate-name',
    subject: '$1',
  },
]);

const lookups = printedBy('drivers/of/base.c', [
  {
    name: 'phandle-not-found',
    level: 'err',
    pattern: /^OF: (\/\S*): could not find phandle (-?\d*)$/,
    weight: 'notable',
    meaning: '$1 refers to a node that the tree does not have.',
  },
]);

const commands = printedBy('arch/powerpc/platforms/pseries/reconfig.c', [
  {
    name: 'ofdt-refused',
    level: 'err',
    pattern: /^property parse failed in parse_next_property at line (\d+)$/,
    weight: 'trouble',
    meaning: 'A command written to /proc/ppc64/ofdt was not well formed and had no effect.',
    rule: 'refused-request',
    subject: '/proc/ppc64/ofdt',
  },
]);

const lockdown = printedBy('security/lockdown/lockdown.c', [
  {
    name: 'locked-down',
    level: 'notice',
    pattern: /^Lockdown: (.+): modifying device tree contents is restricted; see man kernel_lockdown\.7$/,
    weight: 'trouble',
    meaning: '$1 wanted to change the device tree, which kernel lockdown forbids.',
    rule: 'refused-request',
    subject: '/proc/ppc64/ofdt',
    since: '6.1',
  },
]);

const sysfs = printedBy('fs/sysfs/dir.c', [
  {
    name: 'sysfs-duplicate',
    level: 'warn',
    pattern: /^sysfs: cannot create duplicate filename '(.+)'$/,
    weight: 'trouble',
    meaning: 'Two objects claim the name $1; the second one is missing.',
    rule: 'missing-entry',
    subject: '$1',
  },
]);

const devices = printedBy('drivers/base/core.c', [
  {
    name: 'of-node-link',
    level: 'warn',
    pattern: /^(?:(.+?): |(.+) )?Error (-?\d+) creating of_node link$/,
    weight: 'trouble',
    meaning: 'A device was made without its of_node link.',
    rule: 'missing-entry',
    subject: 'of_node',
  },
  {
    name: 'uevent-failed',
    level: 'err',
    pattern: /^(?:\S+ )?(\S+): uevent: failed to send synthetic uevent(?:: -?\d+)?$/,
    weight: 'harmless',
    meaning:
      'The event that udev asked for could not be sent for $1. Devices without a usable modalias do this at boot and in every migration; nothing depends on it.',
  },
  {
    name: 'uevent-failed-path',
    level: 'warn',
    pattern: /^synth uevent: (\S+): failed to send uevent$/,
    weight: 'harmless',
    meaning:
      'The event that udev asked for could not be sent for $1. Devices without a usable modalias do this at boot and in every migration; nothing depends on it.',
  },
]);

const bus = printedBy('arch/powerpc/platforms/pseries/vio.c', [
  {
    name: 'vio-node-malformed',
    level: 'warn',
    pattern:
      /^vio_register_device_node: node (\S+) (?:is missing the 'device_type' property\.|missing 'reg')$/,
    weight: 'notable',
    meaning: 'The VIO bus makes no device of $1, because the node lacks a property.',
  },
  {
    name: 'vio-register-failed',
    level: 'err',
    pattern:
      /^(?:vio_register_device_node: failed to register device (.+)|vio_bus_init: device_register returned -?\d+|failed to register VIO bus)$/,
    weight: 'trouble',
    meaning: 'A device could not be added to the VIO bus.',
    rule: 'missing-entry',
    subject: '/sys/devices/vio',
  },
]);

export const deviceTreeLines = [
  ...nodes,
  ...names,
  ...lookups,
  ...commands,
  ...lockdown,
  ...sysfs,
  ...devices,
  ...bus,
];
