import { driverLinePattern, linePattern, vioDrivers } from '../../partition/index.ts';
import type { KnownLine } from './known-line.ts';

const compression = vioDrivers['nx-compress-pseries'];

/**
 * Lines of the device-tree update in a migration: mobility.c (debug lines only where dynamic debug is on), dlpar.c,
 * drivers/of/kobj.c, the compression driver.
 */
export const updateLines: readonly KnownLine[] = [
  {
    name: 'node-removed',
    pattern: linePattern('nodeRemoved'),
    phase: 'update',
    weight: 'notable',
    meaning:
      'The kernel takes $1 (phandle $2) out of its tree. Nobody who uses the node is told, except notifiers.',
  },
  {
    name: 'node-added',
    pattern: linePattern('nodeAdded'),
    phase: 'update',
    weight: 'notable',
    meaning:
      'The kernel has added $1 (phandle $2), and that node alone: children that firmware sent with it are lost.',
  },
  {
    name: 'property-updated',
    pattern: linePattern('propertyUpdated'),
    phase: 'update',
    weight: 'notable',
    meaning: 'The kernel gives $2 of $1 its new value. Whether a driver notices is up to the driver.',
  },
  {
    name: 'ignored-remove',
    pattern: linePattern('removeIgnored'),
    phase: 'update',
    weight: 'notable',
    meaning:
      'Firmware deletes $1; the kernel keeps it, for the VIO bus would be left with a node that is gone.',
    since: '5.16',
  },
  {
    name: 'ignored-add',
    pattern: linePattern('addIgnored'),
    phase: 'update',
    weight: 'notable',
    meaning:
      'Firmware adds $1 as it is on the new server; the kernel throws that away, so what is below it still describes the old server.',
    since: '5.16',
  },
  {
    name: 'failed-lookup',
    pattern: linePattern('lookupFailed'),
    phase: 'update',
    weight: 'notable',
    meaning:
      'Firmware speaks of phandle 0x$1, which the kernel does not have; that message has no effect. Common on healthy systems.',
    since: '5.11',
  },
  {
    name: 'property-failed',
    pattern: linePattern('propertyFailed'),
    phase: 'update',
    weight: 'trouble',
    meaning: 'A property ($1) could not be updated and keeps the value of the old server.',
  },
  {
    name: 'update-aborted',
    pattern: linePattern('updateFailed'),
    phase: 'update',
    weight: 'trouble',
    meaning:
      'The list of changes ended with status $1 before it was through; what was still to come never reached the tree.',
  },
  {
    name: 'connector-failed',
    pattern: /^(?:dlpar: )?Unexpected Error \((-?\d+)\) returned from configure-connector$/,
    phase: 'update',
    weight: 'trouble',
    meaning: 'Firmware did not deliver a node that it had announced (status $1); it is missing.',
  },
  {
    name: 'attach-failed',
    pattern: /^(?:dlpar: )?Failed to add device node (.+)$/,
    phase: 'update',
    weight: 'trouble',
    meaning: '$1 could not be added.',
  },
  {
    name: 'duplicate-name',
    pattern: /^Duplicate name in (.+), renamed to "(.+)"$/,
    weight: 'trouble',
    meaning:
      'A node was added to $1 under a name that was taken; /proc/device-tree shows it as $2. The old one should have gone and did not.',
  },
  {
    name: 'limits-kept',
    pattern: driverLinePattern(compression, compression.lines.value, '(\\w+)', '(\\d+)', '\\3'),
    weight: 'notable',
    meaning:
      'The compression driver heard that $1 has changed, and keeps $2 at $3: it does so whatever the new value is.',
  },
  {
    name: 'cpu-not-found',
    pattern: /^(?:pseries-hotplug-cpu: )?Could not find cpu to remove with physical id 0x([0-9a-f]+)$/,
    phase: 'update',
    weight: 'trouble',
    meaning: 'Firmware removes CPU 0x$1, which the kernel does not have.',
  },
  {
    name: 'parameter-unexpected',
    pattern: /^(?:\S+: )?unexpected ibm,get-system-parameter result (-?\d+)$/,
    weight: 'step',
    meaning:
      'A parameter of the new server could not be read (status $1); performance counters may show less.',
  },
];
