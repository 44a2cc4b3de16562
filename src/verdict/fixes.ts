import { ignoresFacilities, type KernelFix } from '../partition/index.ts';
import { isInFirmware, type LogEvent } from './story/index.ts';

/** A change of the kernel that keeps something from happening. */
export interface Fix extends Omit<KernelFix, 'commit'> {
  /** In Linus Torvalds' tree, or the subject of the commit where the number is not known. */
  readonly commit: string;
  /** What the kernel does since then. */
  readonly what: string;
}

/**
 * Fixes by what they are about. Commits are those of Linus Torvalds' tree; stable releases are listed where the review mails
 * of the stable branches name the commit.
 */
export const fixes = {
  ignoresFacilities: {
    ...ignoresFacilities,
    what: 'the kernel ignores deletes and adds of platform-facilities',
  },
  removesCaches: {
    commit: '7edd5c9a8820',
    since: '5.16',
    stable: [],
    what: 'the kernel removes the caches of a CPU with the CPU; those of a migration it still does not',
  },
  rebuildsCacheinfo: {
    commit: 'e610a466d16a',
    since: '5.3',
    stable: ['4.19.99'],
    what: 'the kernel makes its description of the caches anew after a migration',
  },
  countsCachesOnce: {
    commit: 'b866459489fe',
    since: '5.11',
    stable: ['5.4.86', '5.10.4'],
    what: 'the kernel enters a CPU into its caches once on resume',
  },
  interruptibleFirmware: {
    commit: 'b6b1c3ce06ca',
    since: '5.19',
    stable: [],
    what: 'an interrupt in a firmware call is recoverable, so that the watchdog no longer ends the kernel there',
  },
  keepsNapi: {
    commit: '61772b0908c6',
    since: '5.17',
    stable: [],
    what: 'a failed reset of ibmvnic keeps what the next one needs',
  },
  searchesMemoryWithinBounds: {
    commit: 'bd68ffce69f6',
    since: '6.8',
    stable: ['4.19.306', '5.4.268', '5.10.209', '5.15.148', '6.1.75', '6.6.14'],
    what: 'a request for memory that the partition does not have ends the search at the end of the list',
  },
  asksForStatistics: {
    commit: '07bf9431b159',
    since: '5.19',
    stable: [],
    what: 'papr_scm asks for no statistics where the profile does not allow them',
  },
  rollsCpusBack: {
    commit: 'powerpc/pseries: safely roll back failed DLPAR cpu add',
    since: '5.5',
    stable: [],
    what: 'the kernel stops the threads of a CPU that could not be added before it removes its node',
  },
  addsCpusByIndex: {
    commit: 'fa2a5dfe2ddd',
    since: '5.16',
    stable: [],
    what: 'the kernel takes requests for CPUs by index only',
  },
  updatesMemoryPlacement: {
    commit: 'd144f4d5a8a8',
    since: '5.15',
    stable: [],
    what: 'the kernel takes in where the memory is on the new server',
  },
  countsNodesOfAnyServer: {
    commit: '9c7248bb8de3',
    since: '5.15',
    stable: [],
    what: 'the kernel allows for as many NUMA nodes as any server has to which the partition can migrate',
  },
  updatesSecurityFlavour: {
    commit: 'c18956e6e0b9',
    since: '5.14',
    stable: [],
    what: 'the kernel takes in which mitigations the new server needs',
  },
} as const satisfies Record<string, Fix>;

/** What a fix is known by: `5.3, stable 4.19.99 (e610a466d16a): the kernel …`. */
export function fixText({ since, stable, commit, what }: Fix): string {
  const also = stable.length === 0 ? '' : `, stable ${stable.join(', ')}`;
  return `${since}${also} (${commit}): ${what}`;
}

/** The same of several; null where none is known. */
export function fixesText(all: readonly Fix[]): string | null {
  return all.length === 0 ? null : all.map(fixText).join('; ');
}

interface KnownDefect {
  readonly fix: Fix;
  /** Whether an event is this defect. */
  readonly is: (event: LogEvent) => boolean;
}

const defects: readonly KnownDefect[] = [
  {
    fix: fixes.interruptibleFirmware,
    is: ({ fault }) =>
      fault !== undefined && (isInFirmware(fault) || /Unrecoverable System Reset/.test(fault.message)),
  },
  { fix: fixes.keepsNapi, is: (event) => isIn(event, 'napi_enable') && isIn(event, '__ibmvnic_open') },
  {
    fix: fixes.searchesMemoryWithinBounds,
    is: (event) => event.name === 'kernel-oops' && isIn(event, 'dlpar_memory'),
  },
  {
    fix: fixes.asksForStatistics,
    is: (event) => event.name === 'kernel-oops' && isIn(event, 'drc_pmem_query_stats'),
  },
  {
    fix: fixes.rollsCpusBack,
    is: (event) => isIn(event, 'pseries_smp_notifier') && isIn(event, 'dlpar_cpu_add'),
  },
  { fix: fixes.addsCpusByIndex, is: ({ name }) => name === 'cpu-count-short' },
];

function isIn({ fault }: LogEvent, name: string): boolean {
  return fault !== undefined && (fault.failed === name || fault.callChain.includes(name));
}

/** The fixes of an event's own defect; undefined if none is known. */
export function fixesOf(event: LogEvent): readonly Fix[] | undefined {
  const found = defects.filter(({ is }) => is(event)).map(({ fix }) => fix);
  return found.length === 0 ? undefined : found;
}
