import type { Fault } from '../../partition/index.ts';

/** What a fault is about, by its call trace. */
export interface Subject {
  /** Where it happened and while what was done: `in napi_enable(), the network driver ibmvnic, while an adapter was reset`. */
  readonly text: string;
  /** The function, or what else names it shortly. */
  readonly short: string;
  /** Whether a node's reference count is concerned; undefined where the report has no trace. */
  readonly isNode: boolean | undefined;
  /** Whether the device tree, or what is derived from it, is concerned; undefined where that is not shown. */
  readonly isOfTree: boolean | undefined;
  readonly isSelfTest: boolean;
}

interface Area {
  readonly functions: RegExp;
  readonly text: string;
  readonly isOfTree?: true;
}

/** Parts of the kernel. The innermost function that belongs to one decides. */
const areas: readonly Area[] = [
  {
    functions: /^(?:__)?of_(?:attach|detach)_node|^of_changeset/,
    text: 'a change of the device tree',
    isOfTree: true,
  },
  {
    functions: /^(?:__)?of_|^fwnode_|^safe_name$|^devspec_show$/,
    text: 'a device-tree node',
    isOfTree: true,
  },
  { functions: /^pSeries_reconfig|^ofdt_/, text: 'a command to /proc/ppc64/ofdt', isOfTree: true },
  {
    functions: /^pseries_devicetree_update$|^update_dt_|^(?:add|delete)_dt_node$/,
    text: 'the update of the device tree',
    isOfTree: true,
  },
  { functions: /^cacheinfo_|^cache_|^release_cache$/, text: 'the description of the caches', isOfTree: true },
  {
    functions: /^pseries_smp_notifier$|^dlpar_cpu|^pseries_(?:add|remove)_processor$/,
    text: 'CPU hotplug',
    isOfTree: true,
  },
  {
    functions: /^dlpar_memory|^drmem_|^dlpar_(?:add|remove)_lmb|^pseries_(?:mem|remove_mem)/,
    text: 'memory hotplug',
  },
  {
    functions: /^vas_|^pseries_vas|^(?:close|reopen|reconfig)_\w*win/,
    text: 'the accelerator windows (VAS)',
  },
  { functions: /ibmvnic/, text: 'the network driver ibmvnic' },
  { functions: /^ibmvfc/, text: 'the disk driver ibmvfc' },
  { functions: /^ibmvscsi|^release_event_pool$/, text: 'the disk driver ibmvscsi' },
  { functions: /^ibmveth/, text: 'the network driver ibmveth' },
  { functions: /^papr_scm|^drc_pmem/, text: 'the driver of persistent memory papr_scm' },
  { functions: /^nx842|^nx_|^nx-/, text: 'the accelerator drivers (nx)' },
  { functions: /24x7/, text: 'performance counters (hv-24x7)' },
  { functions: /^iommu_|^tce_|_pSeriesLP$|_ddw$/, text: 'DMA windows (iommu)' },
  { functions: /^vio_/, text: 'the VIO bus' },
  { functions: /^rtas_|^enter_rtas$|^__enter_rtas$|^sys_rtas$/, text: 'a firmware call (RTAS)' },
  { functions: /page_owner|free_pages|alloc_pages/, text: 'the management of pages' },
];

/** What was done to the tree. */
const changes: readonly Area[] = [
  {
    functions: /^(?:__)?of_detach_node$|^dlpar_detach_node$/,
    text: 'while a node was detached from the tree',
  },
  { functions: /^(?:__)?of_attach_node$|^dlpar_attach_node$/, text: 'while a node was attached to the tree' },
];

/** What was being done. The first one that a function of the trace belongs to. */
const activities: readonly Area[] = [
  {
    functions:
      /^pseries_migrate_partition$|^migration_store$|^post_mobility_fixup$|^pseries_devicetree_update$|^rtas_ibm_suspend_me|^do_join$|^pseries_suspend$|^vas_migration_handler$/,
    text: 'in a migration',
  },
  { functions: /^pseries_suspend_begin$|^hibernat|^swsusp/, text: 'in a hibernation' },
  {
    functions:
      /^dlpar_(?!attach|detach|configure)|^handle_dlpar_errorlog$|^(?:add|remove)_slot_store$|^arch_cpu_(?:probe|release)$/,
    text: 'while hardware was added or removed (DLPAR)',
  },
  { functions: /^ofdt_write$/, text: 'while /proc/ppc64/ofdt was written' },
  { functions: /^__ibmvnic_reset$|^ibmvfc_work$|^ibmvscsi_work$/, text: 'while an adapter was reset' },
  { functions: /^cpuhp_/, text: 'while a CPU was started or stopped' },
  { functions: /^sysfs_kf_seq_show$|_show$/, text: 'while a file in /sys was read' },
  { functions: /^do_one_initcall$|^kernel_init/, text: 'while the kernel started' },
];

const SELF_TEST = /^of_unittest|^lkdtm_|^kunit_|^test_module_init$/;

/** Functions that count references for others. */
const COUNTING = /^(?:refcount_|kref_|kobject_|__?warn|dump_stack|kset_)/;

/** Functions of nodes that count references to them. */
const NODE =
  /^(?:__)?of_(?!platform|device|irq|clk|gpio|dma|mdio|reserved)|^fwnode_|^safe_name$|^devspec_show$/;

/** A program of powerpc-utils that adds and removes hardware and starts migrations. */
const DRMGR = 'drmgr';

/** Whether it happened in firmware, which runs in real mode below 1 GiB. */
export function isInFirmware({ failed = '' }: Fault): boolean {
  return /^0x[0-3]?[0-9a-f]{1,7}$/.test(failed);
}

export function subjectOf(fault: Fault): Subject {
  const { callChain, process, failed } = fault;
  const chain = failed === undefined ? callChain : [failed, ...callChain];
  const area = first(chain, areas);
  const change = changes.find(({ functions }) => callChain.some((one) => functions.test(one)));
  const activity = activities.find(({ functions }) => callChain.some((name) => functions.test(name)));
  const inFirmware = isInFirmware(fault);
  const name = chain.find((one) => !COUNTING.test(one) && !one.startsWith('0x'));
  const where = inFirmware ? 'in a firmware call (RTAS)' : name === undefined ? '' : `in ${name}()`;
  const doing =
    activity?.text ??
    (process === DRMGR ? 'in a request of drmgr (DLPAR or a migration)' : process && `in process ${process}`);
  const ofArea = inFirmware ? undefined : area?.text;
  return {
    text:
      [where, ofArea, change?.text, doing].filter(Boolean).join(', ') ||
      'at a place that the log does not show',
    short: shortName(fault) ?? (inFirmware ? 'firmware call' : (name ?? process ?? 'kernel')),
    isNode: callChain.length === 0 ? undefined : isOfNode(callChain),
    isOfTree: inFirmware || name === undefined ? undefined : chain.some(isTreeFunction),
    isSelfTest: chain.some((one) => SELF_TEST.test(one)),
  };
}

function first(chain: readonly string[], of: readonly Area[]): Area | undefined {
  for (const name of chain) {
    const found = of.find(({ functions }) => functions.test(name));
    if (found) return found;
  }
  return undefined;
}

function isTreeFunction(name: string): boolean {
  return areas.some(({ functions, isOfTree }) => isOfTree && functions.test(name));
}

/** Whether one of the three functions that had the count changed is a node's. */
function isOfNode(chain: readonly string[]): boolean {
  return chain
    .filter((name) => !COUNTING.test(name))
    .slice(0, 3)
    .some((name) => NODE.test(name));
}

/** The function by which user space or firmware came to it. */
function shortName({ callChain, place }: Fault): string | undefined {
  return callChain.find((name) => /_show$|_store$|^pseries_|^dlpar_/.test(name)) ?? place;
}
