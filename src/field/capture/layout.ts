/**
 * What a capture takes, what it leaves out, and where in the archive things are. The shell script and the command on
 * Node both go by this; docs/field.md tells it to people.
 */

/** The folder that an archive has at its top. Below it, paths are those of the machine. */
export const TOP_FOLDER = 'transplant-capture';

export const MANIFEST_PATH = 'manifest.json';
/** Raised when a reader of an older version would misunderstand what is written. */
export const MANIFEST_VERSION = 1;
/** `sha256sum -c` takes it. */
export const SUMS_PATH = 'SHA256SUMS';
export const TREE_PATH = 'sys/firmware/devicetree/base';
/** Lines as `dmesg -r` prints them, or as they were found. */
export const LOG_PATH = 'kernel.log';
/** The journal's kernel lines of this boot: what the ring buffer may have lost. */
export const JOURNAL_PATH = 'kernel-journal.log';
/** `PATH:VALUE` for each attribute of each cache, below /sys/devices/system/cpu. */
export const CACHES_PATH = 'cpu-caches.txt';
/** Attributes of a cache that are taken. */
export const cacheAttributes = ['id', 'level', 'shared_cpu_list', 'size', 'type'];

/** The host's name goes into the manifest, where it is not hidden. */
export const HOST_PATH = 'proc/sys/kernel/hostname';

/** Small text files, taken where they are there. */
export const textPaths = [
  'etc/os-release',
  'proc/ppc64/lparcfg',
  'proc/sys/kernel/osrelease',
  'proc/version',
  'sys/devices/system/cpu/online',
  'sys/kernel/dlpar',
  'sys/kernel/mobility/api_version',
  'sys/kernel/security/lockdown',
];

/** Where kernel lines may be found when the ring buffer may not be read; of all but the first, those with ` kernel: `. */
export const logFallbacks = ['var/log/dmesg', 'var/log/kern.log', 'var/log/messages', 'var/log/syslog'];

/** Bytes of a log that are taken: the last ones. */
export const MAX_LOG_BYTES = 32 << 20;

/** Names of properties that are secrets, as patterns of the shell. */
export const secretNames = [
  'security-*',
  'ibm,vtpm*',
  'key',
  '*-key',
  '*-keys',
  '*,key',
  '*password*',
  '*-secret*',
  'kaslr-seed',
  'rng-seed',
];

/** Nodes whose properties all are secrets. */
export const secretNodes = ['ibm,vtpm*'];

/** Left out too where serial numbers are hidden: they identify the machine, and not in text. */
export const identifyingNames = ['ibm,mac-address-filters', 'ibm,vpd', 'local-mac-address', 'mac-address'];

/** Properties whose whole text is a serial number or ends in one. */
export const serialNames = ['*serial*', 'system-id'];
/** Properties with location codes: `U78D2.001.WZS00CH-P1-C33` names an enclosure by its serial number. */
export const locationNames = ['*loc-code*', '*location*', 'ibm,drc-info', 'ibm,drc-names', 'slot-names'];
/** Properties whose text is the name of the partition. */
export const partitionNames = ['ibm,partition-name', 'ibm,partition-uuid', 'vm,uuid'];
/** Properties beside those in which the names of partition and host may occur. */
export const namingNames = ['bootargs'];

/** Whether a name matches one of some patterns of the shell; `*` is all they use. */
export function matcher(patterns: readonly string[]): (name: string) => boolean {
  const escaped = patterns.map((pattern) =>
    pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*'),
  );
  const all = new RegExp(`^(?:${escaped.join('|')})$`, 's');
  return (name) => all.test(name);
}
