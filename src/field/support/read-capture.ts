import { hash } from 'node:crypto';
import { InputError } from '../../base/index.ts';
import type { Tree } from '../../devicetree/index.ts';
import { findWarnings, type LogLine, type Observation, readLog } from '../../partition/index.ts';
import { JOURNAL_PATH, LOG_PATH, MANIFEST_PATH, SUMS_PATH, TREE_PATH } from '../capture/layout.ts';
import { parseManifest } from '../capture/manifest.ts';
import type { Manifest } from '../capture/manifest-schema.ts';
import { driversIn } from './drivers.ts';
import { policyOf } from './policy.ts';
import type { Archive } from './read-archive.ts';
import { treeOfFiles } from './tree-of-files.ts';

/** What is known of somebody's machine. */
export interface Capture {
  /** The name for people: the path as given, or `<stdin>`. */
  readonly name: string;
  readonly observation: Observation;
  /** Absent where what was read is no capture of ours: a sosreport, or a tree alone. */
  readonly manifest?: Manifest;
  /** Properties that are on the machine but not in the capture, by path in the tree. */
  readonly leftOut: readonly string[];
  /** What of `observation.unread` makes the tree itself less than whole. */
  readonly gaps: readonly string[];
  /** What the kernel keeps root from, as `/sys/kernel/security/lockdown` says: `none`, `integrity`, `confidentiality`. */
  readonly lockdown?: string;
}

/**
 * Makes sense of an archive: a capture, checked against its manifest, or a sosreport.
 * @throws InputError when there is no device tree in it
 */
export async function captureOf(archive: Archive, name: string): Promise<Capture> {
  if (archive.tree.size === 0) {
    const why = archive.notes[0];
    throw new InputError(
      `no device tree in the archive${why === undefined ? '' : `; ${why}`}`,
      { file: name },
      {
        hint: 'a capture has it, and a sosreport of a Power machine: proc/device-tree or sys/firmware/devicetree/base',
      },
    );
  }
  const { files, notes } = archive;
  const manifestFile = files.get(MANIFEST_PATH);
  const manifest = manifestFile && (await parseManifest(manifestFile, name));
  const tree = treeOfFiles(archive.tree);
  const log = logOf(files);
  const release = manifest?.release || releaseOf(files, log);
  const lockdown = /\[(\w+)\]/.exec(textOf(files, 'sys/kernel/security/lockdown'))?.[1];
  const wrong = manifest ? problems(archive, manifest) : [];
  const ofTree = wrong.filter((problem) => inTree.test(problem));
  const description = manifest ? `captured ${manifest.when}` : 'from an archive that is no capture of ours';
  return {
    name,
    ...(manifest && { manifest }),
    ...(lockdown !== undefined && { lockdown }),
    leftOut: manifest?.leftOut ?? [],
    gaps: [...notes, ...ofTree],
    observation: observed(tree, {
      release,
      description,
      unread: [...notes, ...wrong],
      log,
      devices: manifest?.devices ?? [],
    }),
  };
}

/** Files of the tree, which old kernels have in /proc. */
const inTree = /^\/?(?:sys\/firmware\/devicetree\/base|proc\/device-tree)\//;

/** A tree by itself as a capture of which nothing else is known. */
export function captureOfTree(tree: Tree, name: string, unread: readonly string[]): Capture {
  const rest = { release: '', description: 'a tree alone', unread, log: [], devices: [] };
  return { name, leftOut: [], gaps: unread, observation: observed(tree, rest) };
}

type Rest = Pick<Observation, 'unread' | 'log' | 'devices'> & {
  readonly release: string;
  readonly description: string;
};

function observed(tree: Tree, { release, description, log, ...rest }: Rest): Observation {
  return {
    platform: { kind: 'capture', release, policy: policyOf(release, log), description },
    tree,
    log,
    warnings: findWarnings(log),
    drivers: driversIn(log),
    ...rest,
  };
}

/** What the machine could not give, and what is not as it was when it was captured. */
function problems({ files, tree, treeRoot }: Archive, manifest: Manifest): readonly string[] {
  const found = manifest.unread.map(({ path, reason }) => `${path}: ${reason}`);
  for (const path of manifest.truncated) found.push(`${path}: only its end was captured`);
  const sums = files.get(SUMS_PATH);
  if (!sums || hash('sha256', sums, 'hex') !== manifest.files.sums)
    return [...found, `${SUMS_PATH}: ${sums ? 'not the one of the manifest' : 'missing'}`];
  const treeAt = `./${treeRoot ?? TREE_PATH}/`;
  const wrong: string[] = [];
  for (const line of Buffer.from(sums).toString('latin1').split('\n')) {
    const path = line.slice(66);
    if (path === '') continue;
    const bytes = path.startsWith(treeAt) ? tree.get(path.slice(treeAt.length)) : files.get(path.slice(2));
    if (!bytes) wrong.push(`${path.slice(2)}: captured, but not in the archive`);
    else if (hash('sha256', bytes, 'hex') !== line.slice(0, 64))
      wrong.push(`${path.slice(2)}: not as it was captured`);
  }
  const more = wrong.length - 20;
  return [
    ...found,
    ...wrong.slice(0, 20),
    ...(more > 0 ? [`${more} more files missing or not as they were captured`] : []),
  ];
}

/** The ring buffer's lines, or the journal's where the buffer has lost the boot. */
export function logOf(files: ReadonlyMap<string, Uint8Array>): readonly LogLine[] {
  const names = [LOG_PATH, JOURNAL_PATH, 'sos_commands/kernel/dmesg', 'var/log/dmesg'];
  const logs = names.map((name) => readLog(textOf(files, name))).filter((log) => log.length > 0);
  const since = (log: readonly LogLine[]) => log[0]?.seconds ?? Number.POSITIVE_INFINITY;
  return logs.reduce((best, log) => (since(log) < since(best) - 1 ? log : best), logs[0] ?? []);
}

function releaseOf(files: ReadonlyMap<string, Uint8Array>, log: readonly LogLine[]): string {
  const known = textOf(files, 'proc/sys/kernel/osrelease').trim();
  if (known !== '') return known;
  const version = [textOf(files, 'proc/version'), ...log.slice(0, 200).map((line) => line.text)];
  const uname = textOf(files, 'sos_commands/kernel/uname_-a') || textOf(files, 'uname');
  for (const text of version) {
    const found = /^Linux version (\S+)/.exec(text)?.[1];
    if (found !== undefined) return found;
  }
  return /^Linux \S+ (\S+)/.exec(uname)?.[1] ?? '';
}

function textOf(files: ReadonlyMap<string, Uint8Array>, path: string): string {
  return Buffer.from(files.get(path) ?? []).toString('latin1');
}
