/**
 * What a capture contains, what it leaves out, and where its files are in the archive: for the command and for the shell
 * script. docs/field.md documents it.
 */

/** The outermost folder of a capture. Below it, paths are those of the machine. */
export const TOP_FOLDER = 'transplant-capture';

export const MANIFEST_PATH = 'manifest.json';
/** Raised when readers of the older version would misread a capture. */
export const MANIFEST_VERSION = 1;
/** In the format of `sha256sum -c`. */
export const SUMS_PATH = 'SHA256SUMS';
export const TREE_PATH = 'sys/firmware/devicetree/base';
/** Lines in the format of `dmesg -r`, or as they are in /var/log. */
export const LOG_PATH = 'kernel.log';
/** The journal's kernel lines of this boot: the ring buffer may have lost the first ones. */
export const JOURNAL_PATH = 'kernel-journal.log';
/** `PATH:VALUE` for each attribute of each cache, below /sys/devices/system/cpu. */
export const CACHES_PATH = 'cpu-caches.txt';
/** Attributes of a cache that are captured. */
export const cacheAttributes = ['id', 'level', 'shared_cpu_list', 'size', 'type'];

/** Whether a path is in the device tree. */
export function isInTree(path: string): boolean {
  return path.startsWith(`${TREE_PATH}/`);
}

/** Has the partition's serial number and, on newer kernels, its name. */
export const LPARCFG_PATH = 'proc/ppc64/lparcfg';

/** The host's name goes into the manifest, unless it is hidden. */
export const HOST_PATH = 'proc/sys/kernel/hostname';

/** Small text files, captured where they exist. */
export const textPaths = [
  'etc/os-release',
  LPARCFG_PATH,
  'proc/sys/kernel/osrelease',
  'proc/version',
  'sys/devices/system/cpu/online',
  'sys/kernel/dlpar',
  'sys/kernel/mobility/api_version',
  'sys/kernel/security/lockdown',
];

/** Where the kernel log is when the ring buffer cannot be read. Of all but the first, lines with ` kernel: ` are taken. */
export const logFallbacks = ['var/log/dmesg', 'var/log/kern.log', 'var/log/messages', 'var/log/syslog'];

/** Bytes of a log that are captured: the last ones. */
export const MAX_LOG_BYTES = 32 << 20;

/** Names of properties that are secrets, as shell patterns. */
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

/** Nodes whose properties are all secret. */
export const secretNodes = ['ibm,vtpm*'];

/** Properties with a MAC address. */
export const macNames = ['*mac-addr*', '*mac_addr*', '*macaddr*'];
/** Left out too where identities are hidden: they name the machine in bytes, not in text. */
export const identifyingNames = [...macNames, '*wwn*', '*wwpn*', 'ibm,vpd'];

/** Properties whose text is a serial number or ends with one. */
export const serialNames = ['*serial*', 'system-id'];
/** Properties whose text names the partition. */
export const partitionNames = ['ibm,partition-name', 'ibm,partition-uuid', 'vm,uuid'];
/**
 * Names of hosts and partitions that are not hidden: machines without a name have them, or they are words of every log.
 */
export const genericNames = [
  'client',
  'default',
  'device',
  'domain',
  'error',
  'failed',
  'hostname',
  'kernel',
  'linux',
  'local',
  'localdomain',
  'localhost',
  'localhost.localdomain',
  'memory',
  'migration',
  'mobility',
  'model',
  'partition',
  'phandle',
  'power',
  'pseries',
  'server',
  'status',
  'system',
  'unknown',
];

/** A test whether a name matches one of some shell patterns, in which only `*` is special. */
export function matcher(patterns: readonly string[]): (name: string) => boolean {
  const escaped = patterns.map((pattern) =>
    pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*'),
  );
  const all = new RegExp(`^(?:${escaped.join('|')})$`, 's');
  return (name) => all.test(name);
}
