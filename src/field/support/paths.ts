import { baseName } from '../../devicetree/index.ts';
import {
  CACHES_PATH,
  JOURNAL_PATH,
  LOG_PATH,
  MANIFEST_PATH,
  SUMS_PATH,
  TREE_PATH,
  textPaths,
} from '../capture/layout.ts';

/**
 * Where support archives keep what is read from them. Sources: sos (plugins kernel, logs, powerpc), supportutils
 * (bin/supportconfig), powerpc-utils (scripts/snap, which copies files to `ibmsupt/` under their own paths).
 * All paths are relative to the folder that stands for the machine.
 */

/** Folders above the machine's folder: `tmp/ibmsupt/proc/…` has two. */
export const MAX_TOP_DEPTH = 3;

/** Where a device tree is; supportconfig copies it to `ppc64`. */
export const treeRoots = [TREE_PATH, 'proc/device-tree', 'ppc64/device-tree'] as const;

/** What a log file contains. */
export type LogKind =
  /** The kernel's ring buffer. */
  | 'ring'
  /** Journal of this boot or of all boots. */
  | 'journal'
  /** Files of syslog, of all boots; rotated ones in order of time. */
  | 'syslog'
  /** The ring buffer as it was soon after the boot. */
  | 'boot'
  /** Logs of drmgr, hcnmgr and rtas_errd. */
  | 'tool'
  /** A text of supportconfig with sections, each of one of these kinds. */
  | 'sections';

/** Where logs are in a folder that no tool made. */
const LOG_FOLDER = '(?:(?:var/)?logs?/)?';
const PACKED = String.raw`(?:\.(?:gz|xz|bz2))?`;
/** Options of journalctl that select this boot or all; sos puts the command into the name of the file. */
const JOURNAL_OPTIONS = '(?:_*(?:--no-pager|--catalog|--all|--boot|--this-boot|-b|-k))+';

/** In order of preference within each kind. */
const logFiles: readonly (readonly [kind: LogKind, pattern: RegExp])[] = [
  ['ring', new RegExp(`^${LOG_PATH.replace('.', '\\.')}$`)],
  ['ring', /^sos_commands\/[^/]+\/dmesg(?:_now)?$/],
  ['ring', /^sos_commands\/[^/]+\/dmesg_-T$/],
  ['ring', new RegExp(`^${LOG_FOLDER}dmesg(?:\\.(?:txt|log|out))?${PACKED}$`)],
  ['journal', new RegExp(`^${JOURNAL_PATH.replace('.', '\\.')}$`)],
  ['journal', new RegExp(`^sos_commands/[^/]+/journalctl${JOURNAL_OPTIONS}$`)],
  ['journal', new RegExp(`^sos_strings/[^/]+/journalctl${JOURNAL_OPTIONS}\\.tailed$`)],
  ['journal', new RegExp(`^${LOG_FOLDER}journal(?:ctl)?\\.(?:txt|log|out)${PACKED}$`)],
  ['sections', /^(?:boot|messages|hardware)\.txt$/],
  ['syslog', new RegExp(`^${LOG_FOLDER}(?:messages|kern\\.log|syslog)(?:[-.][0-9]+)?(?:\\.txt)?${PACKED}$`)],
  ['syslog', /^sos_strings\/[^/]+\/var\.log\.(?:messages|kern\.log|syslog)[^/]*\.tailed$/],
  ['boot', new RegExp(`^var/log/(?:dmesg(?:\\.[0-9]+)?|boot\\.o?msg)${PACKED}$`)],
  ['tool', new RegExp(`^var/log/(?:drmgr(?:\\.0)?|hcnmgr|rtas_errd\\.log)(?:[-.][0-9]+)?${PACKED}$`)],
  ['tool', /^ppc64\/(?:drmgr(?:\.0)?|rtas_errd\.log)$/],
];

/** Every name that the patterns match begins with one of these; most files of an archive have another name. */
const LOG_NAME =
  /^(?:kernel|dmesg|journal|boot|messages|hardware|kern\.log|syslog|var\.log|drmgr|hcnmgr|rtas_errd)/;

/** Kind and preference (0 is the best) of a log file; undefined for other files. */
export function logFile(path: string): { readonly kind: LogKind; readonly preference: number } | undefined {
  const preference = logFiles.findIndex(([, pattern]) => pattern.test(path));
  const found = logFiles[preference];
  return found && { kind: found[0], preference };
}

const UNAME_PATHS = ['sos_commands/kernel/uname_-a', 'uname', 'basic-environment.txt'];

/** Small files that are read whole. */
const textFiles = new Set([
  ...textPaths,
  MANIFEST_PATH,
  SUMS_PATH,
  CACHES_PATH,
  ...UNAME_PATHS,
  'ppc64/lparcfg',
  'version.txt',
  'snap_commands/lscfg.out',
]);

const textNames = new Set(Array.from(textFiles, baseName));

/** Splits the path of a file that is read into the machine's folder and the path below it; undefined for other files. */
export function place(path: string): Place | undefined {
  const name = baseName(path);
  if (!LOG_NAME.test(name) && !textNames.has(name)) return undefined;
  let start = 0;
  for (let depth = 0; depth <= MAX_TOP_DEPTH; depth += 1) {
    const below = path.slice(start);
    const top = path.slice(0, Math.max(start - 1, 0));
    if (textFiles.has(below)) return { top, below, log: false };
    if (logFile(below)) return { top, below, log: true };
    const slash = path.indexOf('/', start);
    if (slash < 0) return undefined;
    start = slash + 1;
  }
  return undefined;
}

export interface Place {
  /** Path of the machine's folder, `''` for the outermost one. */
  readonly top: string;
  readonly below: string;
  readonly log: boolean;
}

/** Files with the output of `uname -a` in a line of its own. */
export const unamePaths: readonly string[] = UNAME_PATHS;

/** Which tool made an archive; `archive` where the files do not tell. */
export type SupportKind = 'capture' | 'sosreport' | 'supportconfig' | 'snap' | 'archive';

const marks: readonly (readonly [kind: SupportKind, pattern: RegExp])[] = [
  ['capture', new RegExp(`^${MANIFEST_PATH.replace('.', '\\.')}$`)],
  ['sosreport', /^(?:sos_commands|sos_strings)\/|^version\.txt$/],
  ['supportconfig', /^(?:boot|basic-environment)\.txt$|^ppc64\/(?:device-tree\/|lparcfg$|drmgr$)/],
  ['snap', /^snap_commands\//],
];

/** @param paths the files that were read */
export function kindOf(paths: readonly string[]): SupportKind {
  return marks.find(([, pattern]) => paths.some((path) => pattern.test(path)))?.[0] ?? 'archive';
}

/** Folders in which files are read. */
const folders = [
  'log',
  'logs',
  'var/logs',
  'sos_commands/*',
  'sos_strings/*',
  'snap_commands',
  'var/log',
  'ppc64',
  ...textPaths.map((path) => path.slice(0, path.lastIndexOf('/'))),
  ...treeRoots,
].map((path) => path.split('/'));

/** Whether a folder may contain files that are read, given its path below the folder of the machine. */
export function leadsToFiles(names: readonly string[]): boolean {
  return folders.some(
    (folder) =>
      names.length <= folder.length && names.every((name, at) => folder[at] === '*' || folder[at] === name),
  );
}
