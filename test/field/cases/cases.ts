import type { PlainLine } from '../../support/log-forms.ts';

/** A log that says one thing, and what must be found in it. Values are made up; the wording is the kernel's. */
export interface Case {
  readonly name: string;
  /** Seconds since the first line, and the text. */
  readonly lines: readonly (readonly [after: number, text: string])[];
  /** Names of the events, each with its weight, in order; steps are left out. */
  readonly events: readonly string[];
  /** How each migration ended. */
  readonly migrations?: readonly string[];
  /** The worst that an audit finds; absent: nothing that counts. */
  readonly finds?: 'damaged' | 'stale';
  /** Whether nothing may follow in the log. */
  readonly isLast?: true;
  /** Whether it belongs to the first seconds of a boot. */
  readonly isBoot?: true;
}

export const BOOT = 'Linux version 6.12.30 (builder@host) (gcc 13.2.0) #1 SMP';

/** Registers, as the kernel prints them for a kernel fault. */
const registers = (trap: string, comm: string, at: string) => [
  `CPU: 5 UID: 0 PID: 4711 Comm: ${comm} Not tainted 6.12.30 #1`,
  'Hardware name: IBM,9080-HEX POWER10 (architected) 0x800200 0xf000006 of:IBM,FW1060.00 (NH1060_012) hv:phyp pSeries',
  'NIP:  c0000000000a1230 LR: c0000000000a1228 CTR: c0000000000a1100',
  `REGS: c00000001234b6c0 TRAP: ${trap}   Not tainted  (6.12.30)`,
  'MSR:  800000000282b033 <SF,VEC,VSX,EE,FP,ME,IR,DR,RI,LE>  CR: 44002448  XER: 00000000',
  'CFAR: c0000000000b0000 IRQMASK: 0',
  'GPR00: c0000000000a1228 c00000001234b950 c000000001a8f100 0000000000000000',
  `NIP [c0000000000a1230] ${at}+0x14c/0x2e0`,
  `LR [c0000000000a1228] ${at}+0xe4/0x2e0`,
];

const trace = (...functions: readonly string[]) => [
  'Call Trace:',
  ...functions.map((name, at) => `[c00000001234b9${at}0] [c0000000000a12${at}8] ${name}+0x24/0x90`),
];

const CUT = '------------[ cut here ]------------';
const END = '---[ end trace 0000000000000000 ]---';
const burst = (...texts: readonly string[]) => texts.map((text, at) => [at / 1000, text] as const);
const oops = (message: string, ...rest: readonly string[]) => [
  message,
  'Faulting instruction address: 0xc0000000000a1230',
  'Oops: Kernel access of bad area, sig: 11 [#1]',
  'LE PAGE_SIZE=64K MMU=Radix SMP NR_CPUS=2048 NUMA pSeries',
  'Modules linked in: ibmvnic sunrpc pseries_rng vmx_crypto',
  ...rest,
  'Code: 7d2948f8 792307e0 4e800020 60000000',
  END,
];

export const cases: readonly Case[] = [
  {
    name: 'a migration on 6.12 that ignores deletes and adds',
    lines: [
      [0, 'vas: VAS migration event 0'],
      [0.1, 'watchdog: Set the NMI watchdog timeout factor to 200%'],
      [0.2, 'mobility: calling ibm,suspend-me on CPU 4'],
      [1.3, 'mobility: CPU 4 waking all threads'],
      [1.4, 'mobility: ignoring remove operation for /ibm,platform-facilities/ibm,random-v1:4294967285'],
      [1.5, 'mobility: ignoring add operation for /ibm,platform-facilities'],
      [2, 'mobility: waiting for memory transfer to complete...'],
      [9, 'mobility: memory transfer completed.'],
      [9.1, 'watchdog: Set the NMI watchdog timeout factor to 0%'],
      [9.2, 'vas: VAS migration event 1'],
    ],
    events: ['ignored-remove notable', 'ignored-add notable'],
    migrations: ['moved'],
    finds: 'stale',
  },
  {
    name: 'five attempts that fail',
    lines: [1, 2, 3, 4, 5].flatMap((attempt) => [
      [attempt * 2, 'mobility: calling ibm,suspend-me on CPU 0'] as const,
      [attempt * 2 + 0.1, 'mobility: ibm,suspend-me error: -9004'] as const,
      [attempt * 2 + 0.2, 'mobility: CPU 0 waking all threads'] as const,
      [attempt * 2 + 0.3, `mobility: Partition suspend attempt ${attempt} of 5 error: -16`] as const,
      ...(attempt < 5
        ? [[attempt * 2 + 0.4, 'mobility: Will retry partition suspend after 1 ms'] as const]
        : []),
    ]),
    events: Array.from({ length: 5 }, () => [
      'suspend-failed trouble',
      'suspend-attempt-failed notable',
    ]).flat(),
    migrations: ['did not move'],
  },
  {
    name: 'a kernel before 5.11: what is returned is printed on failure only',
    lines: burst('calling ibm,suspend-me on cpu 7', 'ibm,suspend-me returned 0'),
    events: ['suspend-returned trouble'],
    migrations: ['did not move'],
  },
  {
    name: 'a kernel before 5.11 that goes on without a failure',
    lines: [
      [0, 'calling ibm,suspend-me on cpu 7'],
      [3, 'random: crng reseeded'],
    ],
    events: [],
    migrations: ['moved'],
  },
  {
    name: 'a log that ends in the suspend',
    lines: burst('mobility: calling ibm,suspend-me on CPU 12'),
    events: [],
    migrations: ['unknown'],
    isLast: true,
  },
  {
    name: 'adapters report the move, and have trouble after it',
    lines: [
      [0, 'ibmvscsi 30000005: Re-enabling adapter!'],
      [0.1, 'ibmvfc 30000006: Partition migrated, Re-enabling adapter'],
      [0.2, 'ibmvnic 30000007: Migrated, re-enabling adapter'],
      [0.5, 'ibmvnic 30000007: CRQ Queue closed'],
      [0.6, 'ibmvfc 30000006: Send warning. Receive queue closed, will retry.'],
      [0.9, 'ibmvfc 30000006: Error after enable (rc=-19)'],
      [1.4, 'ibmvnic 30000007: Backing device failover detected'],
    ],
    events: [
      'ibmvnic-queue-closed notable',
      'ibmvfc-queue-closed harmless',
      'ibmvfc-enable-failed trouble',
      'ibmvnic-failover notable',
    ],
    migrations: ['moved'],
  },
  {
    name: 'noise of a migration',
    lines: burst(
      'synth uevent: /devices/vio/4002: failed to send uevent',
      'vio 4002: uevent: failed to send synthetic uevent',
      'sd 2:0:1:0: Power-on or device reset occurred',
      'pci_bus 0012:01: Unknown NUMA node; performance will be reduced',
      'ibmvnic 30000009 env3: send_subcrq_indirect failed',
    ),
    events: [
      'uevent-failed-path harmless',
      'uevent-failed harmless',
      'disk-reset harmless',
      'numa-node-unknown harmless',
      'ibmvnic-send-failed harmless',
    ],
  },
  {
    name: 'a node is used after it was freed',
    lines: burst(
      CUT,
      'refcount_t: addition on 0; use-after-free.',
      'WARNING: CPU: 5 PID: 4711 at lib/refcount.c:25 refcount_warn_saturate+0x164/0x1f0',
      'Modules linked in: pseries_rng vmx_crypto',
      ...registers('0700', 'cat', 'refcount_warn_saturate'),
      ...trace('refcount_warn_saturate', 'kobject_get', 'of_node_get', 'of_get_parent', 'devspec_show'),
      END,
    ),
    events: ['use-after-free trouble'],
    finds: 'damaged',
  },
  {
    name: 'a socket is used after it was freed',
    lines: burst(
      CUT,
      'refcount_t: underflow; use-after-free.',
      'WARNING: CPU: 5 PID: 4711 at lib/refcount.c:28 refcount_warn_saturate+0x244/0x350',
      ...trace('refcount_warn_saturate', 'sk_free', 'tcp_close', 'inet_release'),
      END,
    ),
    events: ['use-after-free-elsewhere trouble'],
    finds: 'damaged',
  },
  {
    name: 'a count of pages, which is no node',
    lines: burst(
      CUT,
      'refcount_t: saturated; leaking memory.',
      'WARNING: CPU: 1 PID: 1 at lib/refcount.c:22 refcount_warn_saturate+0x1d7/0x1f0',
      ...trace('refcount_warn_saturate', '__set_page_owner', 'post_alloc_hook'),
      END,
    ),
    events: ['count-saturated-elsewhere notable'],
  },
  {
    name: 'caches that a migration has replaced',
    lines: burst(
      'cache for /cpus/l3-cache@4113(Unified) refers to cache for /cpus/l2-cache@400d(Unified)',
      'WARNING: CPU: 9 PID: 77 at arch/powerpc/kernel/cacheinfo.c:176 release_cache+0x1bc/0x1d0',
      ...trace('release_cache', 'cacheinfo_cpu_offline', 'unregister_cpu_online', 'cpuhp_invoke_callback'),
    ),
    events: ['cache-mismatch trouble'],
    finds: 'damaged',
  },
  {
    name: 'a cache counted twice on resume',
    lines: burst(
      'CPU 4 already accounted in PowerPC,POWER10@0(Data)',
      'WARNING: CPU: 4 PID: 3100 at arch/powerpc/kernel/cacheinfo.c:197 cacheinfo_cpu_online+0x640/0x820',
    ),
    events: ['cache-counted-twice harmless'],
  },
  {
    name: 'an oops in an adapter',
    lines: burst(
      'Kernel attempted to read user page (18) - exploit attempt? (uid: 0)',
      ...oops(
        'BUG: Kernel NULL pointer dereference on read at 0x00000018',
        ...registers('0300', 'kworker/5:1', 'napi_enable'),
        ...trace('__ibmvnic_open', '__ibmvnic_reset', 'process_one_work', 'worker_thread', 'kthread'),
      ),
      'Kernel panic - not syncing: Fatal exception',
    ),
    events: ['kernel-oops trouble'],
    finds: 'damaged',
  },
  {
    name: 'an oops without its first line, while a CPU was detached',
    lines: burst(
      'LE PAGE_SIZE=64K MMU=Hash SMP NR_CPUS=2048 NUMA pSeries',
      'Modules linked in:',
      ...registers('0700', 'drmgr', 'pseries_smp_notifier'),
      ...trace(
        'pseries_smp_notifier',
        'blocking_notifier_call_chain',
        'of_detach_node',
        'dlpar_detach_node',
        'dlpar_cpu_add',
      ),
    ),
    events: ['kernel-oops trouble'],
    finds: 'damaged',
  },
  {
    name: 'a CPU that hangs in firmware, then an oops',
    lines: burst(
      'watchdog: CPU 5 Hard LOCKUP',
      'watchdog: CPU 5 TB:99751265205103, last heartbeat TB:99750447017537 (15980ms ago)',
      'Modules linked in: rpadlpar_io rpaphp',
      'CPU: 5 PID: 4711 Comm: drmgr Kdump: loaded Not tainted 5.18.4 #1',
      'NIP:  000000001fb40050 LR: 000000001fb4004c CTR: 0000000000000000',
      'REGS: c00000000fc33d60 TRAP: 0100   Not tainted  (5.18.4)',
      'NIP [000000001fb40050] 0x1fb40050',
      'Call Trace:',
      'Oops: Unrecoverable System Reset, sig: 6 [#1]',
      'LE PAGE_SIZE=64K MMU=Hash SMP NR_CPUS=2048 NUMA pSeries',
      'CPU: 5 PID: 4711 Comm: drmgr Kdump: loaded Not tainted 5.18.4 #1',
      'NIP:  000000001fb40050 LR: 000000001fb4004c CTR: 0000000000000000',
      'REGS: c00000000fc33d60 TRAP: 0100   Not tainted  (5.18.4)',
      'NIP [000000001fb40050] 0x1fb40050',
      'Call Trace:',
      END,
    ),
    events: ['cpu-stuck trouble', 'kernel-oops trouble'],
    finds: 'damaged',
  },
  {
    name: 'a report of KASAN in memory hotplug',
    lines: burst(
      '==================================================================',
      'BUG: KASAN: slab-out-of-bounds in dlpar_memory+0x298/0x1658',
      'Read of size 8 at addr c000000364e97fd0 by task bash/949',
      'dump_stack_lvl+0xa4/0xfc (unreliable)',
      'kasan_report+0x140/0x2e0',
      'dlpar_memory+0x298/0x1658',
      'handle_dlpar_errorlog+0x130/0x1d0',
      'dlpar_store+0x18c/0x3e0',
      'Allocated by task 1:',
      'drmem_init+0x2a0/0x41c',
      '==================================================================',
    ),
    events: ['kernel-oops trouble'],
    finds: 'damaged',
  },
  {
    name: 'a check that complains when an adapter is removed',
    lines: burst(
      'WARNING: CPU: 9 PID: 24062 at kernel/dma/mapping.c:311 dma_free_attrs+0x78/0x110',
      ...registers('0700', 'drmgr', 'dma_free_attrs'),
      ...trace(
        'release_event_pool',
        'ibmvscsi_remove',
        'vio_bus_remove',
        'vio_unregister_device',
        'dlpar_remove_slot',
        'remove_slot_store',
      ),
      END,
    ),
    events: ['kernel-warning harmless'],
  },
  {
    name: 'a check that fails somewhere else',
    lines: burst(
      CUT,
      'WARNING: CPU: 2 PID: 99 at net/core/dev.c:1200 netif_set_xps_queue+0x10/0x20',
      ...trace('netif_set_xps_queue', 'worker_thread'),
      END,
    ),
    events: ['kernel-warning notable'],
  },
  {
    name: 'the self-test of the device tree',
    lines: burst(
      '### dt-test ### EXPECT \\ : OF: ERROR: of_node_release() detected bad of_node_put() on /testcase-data/a',
      'OF: ERROR: of_node_release() detected bad of_node_put() on /testcase-data/a',
      '### dt-test ### EXPECT / : OF: ERROR: of_node_release() detected bad of_node_put() on /testcase-data/a',
      '### dt-test ### EXPECT \\ : refcount_t: underflow; use-after-free.',
      CUT,
      'refcount_t: underflow; use-after-free.',
      'WARNING: CPU: 4 PID: 1 at lib/refcount.c:28 refcount_warn_saturate+0x244/0x350',
      ...trace('refcount_warn_saturate', 'kobject_put', 'of_node_put'),
      END,
      '### dt-test ### EXPECT / : refcount_t: underflow; use-after-free.',
      '### dt-test ### end of unittest - 300 passed, 0 failed',
    ),
    events: ['bad-put harmless', 'use-after-free harmless'],
  },
  {
    name: "firmware's own tree has a name twice",
    lines: burst('Duplicate name in mac-io@17, renamed to "gpio5@6f#1"'),
    events: ['duplicate-name harmless'],
    isBoot: true,
  },
  {
    name: 'memory that stays',
    lines: burst(
      'pseries-hotplug-mem: Attempting to hot-remove LMB, drc index 8000004e',
      'pseries-hotplug-mem: Failed to hot-remove memory at 4e0000000',
      'dlpar: Could not handle DLPAR request "memory remove index 0x8000004e"',
    ),
    events: ['memory-not-removed trouble', 'dlpar-failed trouble'],
  },
  {
    name: 'CPUs that are not found',
    lines: burst(
      'pseries-hotplug-cpu: Failed to find enough CPUs (3 of 4) to add',
      'dlpar: Could not handle DLPAR request "cpu add count 4"',
    ),
    events: ['cpu-count-short trouble', 'dlpar-failed trouble'],
  },
  {
    name: 'persistent memory of the kernel before',
    lines: burst('papr_scm ibm,persistent-memory:ibm,pmemory@44104002: Retrying bind after unbinding'),
    events: ['pmem-rebound harmless'],
  },
  {
    name: 'performance counters that are not allowed',
    lines: burst(
      'hv-24x7: hcall failed: [0 0x60040000 0x100 0] => ret 0xfffffffffffffffc (-4) detail=0x2000000 failing ix=0',
    ),
    events: ['counters-refused notable'],
  },
  {
    name: 'accelerator windows that are not those of the server',
    lines: burst(
      'vas: Target credits mismatch with the hypervisor',
      'vas: state(1): lpar creds: 30 HV lpar creds: 10',
    ),
    events: ['vas-credits-differ trouble', 'vas-credits-hypervisor notable'],
    finds: 'stale',
  },
  {
    name: 'a name in /sys twice',
    lines: burst(
      "sysfs: cannot create duplicate filename '/devices/platform/of-display'",
      'CPU: 0 PID: 1 Comm: swapper/0 Not tainted 5.19.0 #3',
      ...trace(
        'dump_stack_lvl',
        'sysfs_warn_dup',
        'sysfs_create_dir_ns',
        'kobject_add_internal',
        'device_add',
      ),
      "kobject_add_internal failed for of-display with -EEXIST, don't try to register things",
    ),
    events: ['sysfs-duplicate trouble'],
  },
  {
    name: 'a property that could not be updated',
    lines: burst('mobility: updating ibm,loc-code property failed: -12'),
    events: ['property-failed trouble'],
    migrations: ['moved'],
    finds: 'stale',
  },
  {
    name: 'a list of changes that ends early',
    lines: burst('mobility: device tree update failed: -2'),
    events: ['update-aborted trouble'],
    migrations: ['moved'],
    finds: 'damaged',
  },
];

/** The lines of a case from a time on. */
export function linesOf({ lines }: Case, start: number): readonly PlainLine[] {
  return lines.map(([after, text]) => ({ seconds: start + after, text }));
}
