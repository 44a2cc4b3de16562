import { printedBy } from './known-line.ts';

/** Messages of WARN()s and other lines about the kernel itself. Whole reports are put together by `findWarnings`. */
const counts = printedBy('lib/refcount.c', [
  {
    name: 'use-after-free',
    level: 'warn',
    pattern: /^refcount_t: (?:addition on 0|underflow); use-after-free\.$/,
    weight: 'trouble',
    meaning:
      'Something uses a node after its last reference was dropped: its memory may belong to something else by now. The kernel prints this once per boot and place, so one line may stand for many.',
    rule: 'use-after-free',
  },
  {
    name: 'count-saturated',
    level: 'warn',
    pattern: /^refcount_t: (?:saturated|decrement hit 0); leaking memory\.$/,
    weight: 'trouble',
    meaning:
      'The reference count of a node is wrong and was frozen; the node is never freed. Usually follows a use after free.',
    rule: 'use-after-free',
  },
]);

const caches = printedBy('arch/powerpc/kernel/cacheinfo.c', [
  {
    name: 'cache-mismatch',
    level: 'warn',
    pattern: /^cache for (\S+) refers to cache for (\S+)$/,
    weight: 'trouble',
    meaning:
      "The kernel's description of the caches is wrong: $1 and $2 are linked, although cache nodes were replaced since. Their memory may be freed while it is in use.",
    rule: 'cache-mismatch',
    subject: '$1',
  },
  {
    name: 'cache-counted-twice',
    level: 'warn',
    pattern: /^(?:cacheinfo: )?CPU (\d+) already accounted in (\S+)$/,
    weight: 'harmless',
    meaning:
      'CPU $1 was entered into the description of its cache twice, as when it comes back from hibernation. The description is right. Fixed in 5.11 and stable 5.4.86 and 5.10.4 (b866459489fe).',
  },
  {
    name: 'cache-unlinked',
    level: 'warn',
    pattern:
      /^(?:cacheinfo: )?(?:CPU \d+ not accounted in \S+|cache level mismatch on lookup .*|linking L\d cache .* skipped a level\?|instantiating cache chain from .*|no OF node found for CPU (\d+)|no dev for CPU (\d+))$/,
    weight: 'trouble',
    meaning:
      "The kernel's description of the caches does not fit the device tree: cache or CPU nodes are missing or wrong.",
    rule: 'cache-mismatch',
    subject: 'caches',
  },
]);

const processes = printedBy('arch/powerpc/kernel/traps.c', [
  {
    name: 'process-crashed',
    level: 'info',
    pattern:
      /^(\S+\[\d+\]): (?:unhandled signal (?:4|7|11)\b|bad frame|segfault|illegal instruction|bus error).*$/,
    weight: 'notable',
    meaning: 'Process $1 crashed.',
  },
]);

const numa = printedBy('arch/powerpc/mm/numa.c, arch/powerpc/mm/drmem.c, drivers/pci', [
  {
    name: 'numa-node-unknown',
    level: 'warn',
    pattern: /^pci_bus (\S+): Unknown NUMA node; performance will be reduced$/,
    weight: 'harmless',
    meaning:
      'Firmware does not say to which NUMA node the bus belongs. Partitions that can migrate have such buses; only placement is concerned.',
  },
  {
    name: 'no-drmem',
    level: 'info',
    pattern: /^drmem: No dynamic reconfiguration memory found$/,
    weight: 'harmless',
    meaning: 'Firmware describes the memory by memory nodes instead; nothing is missing.',
  },
  {
    name: 'vphn-stopped',
    level: 'err',
    pattern:
      /^(?:numa: )?(?:VPHN unsupported\.|VPHN is not supported\.|hcall_vphn\(\) .*) Disabling polling\.\.\.$/,
    weight: 'notable',
    meaning:
      'The hypervisor does not report where the virtual processors run; the kernel keeps the placement of the tree.',
  },
]);

const pmem = printedBy('arch/powerpc/platforms/pseries/papr_scm.c', [
  {
    name: 'pmem-rebound',
    level: 'info',
    pattern:
      /^papr_scm (\S+): (?:Retrying bind after unbinding|Failed to query, trying an unbind followed by bind)$/,
    weight: 'harmless',
    meaning:
      'Persistent memory $1 was still bound by the kernel that ran before (kexec, kdump); the driver binds it anew.',
  },
  {
    name: 'pmem-queried',
    level: 'debug',
    pattern: /^papr_scm (\S+): Querying SCM details$/,
    weight: 'step',
    meaning: 'The driver asks the hypervisor about persistent memory $1.',
  },
  {
    name: 'pmem-stats-denied',
    level: 'info',
    pattern: /^papr_scm (\S+): Permission denied while accessing performance stats$/,
    weight: 'notable',
    meaning: "The partition's profile does not allow performance statistics of persistent memory $1.",
  },
  {
    name: 'pmem-failed',
    level: 'err',
    pattern:
      /^papr_scm (\S+): (?:bind err|unbind error|flush error|Failed to query health information, Err|Error (?:creating|registering) .*):? ?(-?\d+)?$/,
    weight: 'trouble',
    meaning: 'Persistent memory $1 could not be used.',
    rule: 'adapter-trouble',
    subject: 'papr_scm $1',
  },
]);

const watchdog = printedBy('arch/powerpc/kernel/watchdog.c', [
  {
    name: 'cpu-unstuck',
    level: 'emerg',
    pattern: /^[Ww]atchdog:? CPU:? ?(\d+) became unstuck\b.*$/,
    weight: 'harmless',
    meaning: 'CPU $1 runs again after it had stood still.',
  },
]);

const boot = printedBy('init/version.c', [
  {
    name: 'boot',
    level: 'notice',
    pattern: /^Linux version (\S+)(?: .*)?$/,
    weight: 'step',
    meaning: 'Linux $1 starts.',
  },
]);

export const faultLines = [...counts, ...caches, ...processes, ...numa, ...pmem, ...watchdog, ...boot];
