import { linePattern } from '../../partition/index.ts';
import { type KnownLine, printedBy } from './known-line.ts';

type Line = Omit<KnownLine, 'source'>;

/** A failed part of a request to add or remove hardware. */
function failed(
  name: string,
  level: KnownLine['level'],
  pattern: RegExp,
  subject: string,
  meaning: string,
): Line {
  return { name, level, pattern, weight: 'trouble', meaning, rule: 'dlpar-failed', subject };
}

/** A part that succeeded. */
function step(name: string, level: KnownLine['level'], pattern: RegExp, meaning: string): Line {
  return { name, level, pattern, weight: 'step', meaning };
}

const requests = printedBy('arch/powerpc/platforms/pseries/dlpar.c', [
  {
    name: 'connector-failed',
    level: 'err',
    pattern: linePattern('connectorError'),
    weight: 'trouble',
    meaning: 'Firmware did not deliver a node that it had announced (status $1); the node is missing.',
    rule: 'connector-failed',
    subject: 'ibm,configure-connector',
  },
  failed(
    'attach-failed',
    'err',
    /^(?:dlpar: )?Failed to add device node (.+)$/,
    '$1',
    '$1 could not be added to the tree.',
  ),
  failed(
    'dlpar-failed',
    'err',
    /^dlpar: Could not handle DLPAR request "(.+)"$/,
    '/sys/kernel/dlpar',
    'The request to add or remove hardware ($1) failed.',
  ),
  failed(
    'dlpar-malformed',
    'err',
    /^dlpar: ((?:Invalid (?:resource|action|id_type|DRC Index|DRC count)|No DRC (?:Index|count)) specified)\.$/,
    '/sys/kernel/dlpar',
    'A request to add or remove hardware was not well formed ($1); nothing was done.',
  ),
  failed(
    'dlpar-unsupported',
    'err',
    /^(?:dlpar|pseries-hotplug-\w+): Invalid (?:action|resource) \((\d+)\) specified$/,
    '/sys/kernel/dlpar',
    'Firmware or a program asked for something that this kernel does not know ($1).',
  ),
  failed(
    'dlpar-exists',
    'err',
    /^dlpar: dlpar_hp_dt_add: Adding device node for index \((\d+)\), but already exists in the device tree$/,
    'drc index $1',
    'Hardware with drc index $1 was to be added, but a node with that index is still there.',
  ),
]);

const cpu = 'pseries-hotplug-cpu: ';
const cpus = printedBy('arch/powerpc/platforms/pseries/hotplug-cpu.c', [
  failed(
    'cpu-not-found',
    'err',
    /^(?:pseries-hotplug-cpu: )?Could not find cpu to (remove|offline|online) with physical id 0x([0-9a-f]+)$/,
    'CPU 0x$2',
    'The kernel does not have CPU 0x$2, which it was to $1.',
  ),
  failed(
    'cpu-unplaced',
    'err',
    /^(?:pseries-hotplug-cpu: )?Cannot add cpu (\S+); this system configuration supports (\d+) logical cpus\.$/,
    '$1',
    '$1 cannot be added: the partition may have $2 logical CPUs at most.',
  ),
  failed(
    'cpu-count-short',
    'warn',
    new RegExp(`^${cpu}Failed to find enough CPUs \\((\\d+) of (\\d+)\\) to (add|remove)$`),
    'CPUs',
    'Of $2 CPUs to $3 the kernel found $1, so it did nothing. Requests by index (drmgr -c cpu) are not concerned.',
  ),
  failed(
    'cpu-not-acquired',
    'warn',
    new RegExp(`^${cpu}Failed to acquire DRC, rc: (-?\\d+), drc index: ([0-9a-f]+)$`),
    'drc index $2',
    'Firmware did not hand over the CPU with drc index $2 (status $1).',
  ),
  failed(
    'cpu-not-described',
    'warn',
    new RegExp(`^${cpu}Failed call to configure-connector, drc index: ([0-9a-f]+)$`),
    'drc index $1',
    'Firmware did not describe the CPU with drc index $1; it was not added.',
  ),
  failed(
    'cpu-not-attached',
    'warn',
    new RegExp(`^${cpu}Failed to attach node (\\S+), rc: (-?\\d+), drc index: ([0-9a-f]+)$`),
    'drc index $3',
    'The node of CPU $1 could not be added to the tree (errno $2).',
  ),
  failed(
    'cpu-not-online',
    'warn',
    new RegExp(`^${cpu}Failed to online cpu (\\S+), rc: (-?\\d+), drc index: ([0-9a-f]+)$`),
    'drc index $3',
    'CPU $1 (drc index $3) could not be started (errno $2); its node was removed again.',
  ),
  failed(
    'cpu-exists',
    'warn',
    new RegExp(`^${cpu}CPU with drc index ([0-9a-f]+) already exists$`),
    'drc index $1',
    'The CPU with drc index $1 was to be added and is there already.',
  ),
  failed(
    'cpu-not-available',
    'warn',
    new RegExp(`^${cpu}Cannot find CPU \\(drc index ([0-9a-f]+)\\) to (add|remove)\\.?$`),
    'drc index $1',
    'There is no CPU with drc index $1 to $2.',
  ),
  failed(
    'cpu-not-offline',
    'warn',
    new RegExp(`^${cpu}Failed to offline CPU (\\S+), rc: (-?\\d+)$`),
    '$1',
    'CPU $1 could not be stopped (errno $2) and stays.',
  ),
  failed(
    'cpu-last',
    'warn',
    new RegExp(`^${cpu}Unable to remove last online CPU (\\S+)$`),
    '$1',
    '$1 is the last CPU that runs and stays.',
  ),
  failed(
    'cpu-not-released',
    'warn',
    new RegExp(`^${cpu}Failed to (?:release drc \\([0-9a-f]+\\) for|detach) CPU (\\S+?), rc: (-?\\d+)$`),
    '$1',
    'CPU $1 could not be given back (status $2).',
  ),
  failed(
    'cpu-did-not-die',
    'warn',
    /^(?:pseries-hotplug-cpu: )?CPU (\d+) \(hwid \d+\) (?:didn't die after \d+ seconds|reported error while dying)$/,
    'CPU $1',
    'CPU $1 did not stop when it was removed.',
  ),
  failed(
    'cpus-missing',
    'warn',
    new RegExp(`^${cpu}Failed to find CPU root node "/cpus"$`),
    '/cpus',
    'The tree has no /cpus.',
  ),
  {
    name: 'cpu-ids-reused',
    level: 'warn',
    pattern: new RegExp(`^${cpu}Reusing free CPU ids (\\d+)-(\\d+) from another node$`),
    weight: 'harmless',
    meaning:
      'A CPU was added on a NUMA node whose CPU numbers are used up, so it gets numbers $1 to $2 of another node. Only the numbering is concerned.',
  },
  step(
    'cpu-attempt',
    'debug',
    new RegExp(`^${cpu}Attempting to (add|remove) CPU.*, drc index: ([0-9a-f]+)$`),
    'The kernel tries to $1 the CPU with drc index $2.',
  ),
  step(
    'cpu-changed',
    'debug',
    new RegExp(`^${cpu}Successfully (added|removed) CPU.*, drc index: ([0-9a-f]+)$`),
    'The CPU with drc index $2 was $1.',
  ),
]);

const mem = 'pseries-hotplug-mem: ';
const memory = printedBy('arch/powerpc/platforms/pseries/hotplug-memory.c', [
  step(
    'memory-attempt',
    'info',
    new RegExp(
      `^${mem}Attempting to hot-(add|remove) (?:LMB, drc index ([0-9a-f]+)|(\\d+) LMB\\(s\\)(?: at .*)?)$`,
    ),
    'The kernel tries to $1 memory.',
  ),
  step(
    'memory-changed',
    'info',
    new RegExp(`^${mem}Memory at ([0-9a-f]+) (?:\\(drc index [0-9a-f]+\\) )?was hot-(added|removed)$`),
    'The memory block at 0x$1 was $2.',
  ),
  step('pages-offlined', 'info', /^Offlined Pages (\d+)$/, '$1 pages were taken out of use.'),
  failed(
    'memory-not-removed',
    'debug',
    new RegExp(`^${mem}Failed to hot-remove memory at ([0-9a-f]+)$`),
    'memory at 0x$1',
    'The memory block at 0x$1 could not be removed, mostly because the kernel uses pages of it; it stays.',
  ),
  failed(
    'memory-not-added',
    'info',
    new RegExp(`^${mem}Failed to hot-add memory, drc index ([0-9a-f]+)$`),
    'drc index $1',
    'The memory block with drc index $1 could not be added.',
  ),
  failed(
    'memory-rolled-back',
    'err',
    new RegExp(
      `^${mem}(?:Memory (hot-add|hot-remove|indexed-count-add|indexed-count-remove) failed, (?:removing|adding) .*)$`,
    ),
    'memory',
    'A request about several memory blocks ($1) failed, and what was done of it is undone.',
  ),
  failed(
    'memory-roll-back-failed',
    'err',
    new RegExp(`^${mem}Failed to (add LMB back|add LMB|remove LMB), drc index ([0-9a-f]+)$`),
    'drc index $2',
    'Undoing a failed request did not succeed for the block with drc index $2: the partition has another amount of memory than the management console shows.',
  ),
  failed(
    'memory-too-little',
    'info',
    new RegExp(`^${mem}Not enough LMBs available \\((\\d+) of (\\d+)\\) to satisfy request$`),
    'memory',
    'Of $2 memory blocks only $1 can be removed, so nothing was done.',
  ),
  failed(
    'memory-reserved',
    'err',
    new RegExp(`^${mem}Memory at ([0-9a-f]+) \\(drc index ([0-9a-f]+)\\) is reserved$`),
    'memory at 0x$1',
    'The memory block at 0x$1 is reserved and stays.',
  ),
  failed(
    'memory-unknown',
    'err',
    new RegExp(
      `^${mem}(?:Could not find LMB associativity|Failed memory block lookup for LMB 0x([0-9a-f]+)|Failed to look up LMB for drc index ([0-9a-f]+)|Failed to configure LMB 0x([0-9a-f]+)|Failed to (?:add|online) LMB 0x([0-9a-f]+) (?:to|on) node \\d+)$`,
    ),
    'memory',
    'A memory block could not be found, described by firmware or put into use.',
  ),
]);

const persistent = printedBy('arch/powerpc/platforms/pseries/pmem.c', [
  failed(
    'pmem-hotplug-failed',
    'err',
    /^pseries-pmem: (?:Failed to (?:acquire DRC|attach node|release drc)\b.*|configure-connector failed for drc ([0-9a-f]+)|Hotplug event for a pmem device, but none exists|Unsupported hotplug (?:event type|action) .*)$/,
    'persistent memory',
    'Persistent memory could not be added or removed.',
  ),
  step(
    'pmem-changed',
    'info',
    /^pseries-pmem: Successfully (?:added|removed) (?:PMEM|.*) ?(?:with |, )drc index: ([0-9a-f]+)$/,
    'Persistent memory with drc index $1 was added or removed.',
  ),
]);

const slots = printedBy('drivers/pci/hotplug/rpadlpar_core.c', [
  step('slot-changed', 'info', /^(?:rpadlpar_io|rpadlpar): slot (\S+) (added|removed)$/, 'Slot $1 was $2.'),
  failed(
    'slot-failed',
    'err',
    /^(?:\w+): (?:failed to create pci dev for|unable to add bus|unable to (?:add|remove) hotplug slot|failed to register vio node|failed to unmap bus range) ?(\S*)$/,
    '$1',
    'An adapter slot ($1) could not be added or removed.',
  ),
  failed(
    'slots-impossible',
    'err',
    /^(?:rpadlpar_io|\w+): partition not DLPAR capable$/,
    'slots',
    'This partition has no slots that can be added or removed.',
  ),
]);

/** On the management console, in an error message of it, and in /var/log/drmgr. */
const managementConsole = printedBy('powerpc-utils drmgr', [
  failed(
    'no-slots',
    'stdout',
    /^(?:drmgr: )?There are no DR capable slots on this system$/,
    'drmgr',
    'The device tree has no connector (DRC) for such hardware: adding or removing it is not possible until the node that describes the connector is there.',
  ),
  failed(
    'no-connector',
    'stdout',
    /^(?:drmgr: )?Could not find drc index (0x[0-9a-f]+) to add to (\w+) list$/,
    'drc index $1',
    'The device tree has no connector (DRC) with index $1.',
  ),
  failed(
    'phb-not-found',
    'stdout',
    /^(?:drmgr: )?Could not find PHB (PHB \d+)$/,
    '$1',
    'drmgr does not find $1: the device tree lacks its connector.',
  ),
  failed(
    'console-refused',
    'stdout',
    /^(HSCL[0-9A-F]{4}) (The dynamic (?:removal|addition|add|remove|move) of .*?)$/,
    '$1',
    'The management console reports that a request to add or remove hardware failed.',
  ),
]);

export const dlparLines = [...requests, ...cpus, ...memory, ...persistent, ...slots, ...managementConsole];
