import { hash } from 'node:crypto';
import { InputError } from '../../base/index.ts';
import { node, type Tree, tree } from '../../devicetree/index.ts';
import { findWarnings, type LogLine, loggedDriverStates, type Observation } from '../../partition/index.ts';
import { MANIFEST_PATH, SUMS_PATH, TREE_PATH } from '../capture/layout.ts';
import { parseManifest } from '../capture/manifest.ts';
import type { Manifest } from '../capture/manifest-schema.ts';
import type { Archive } from './collector.ts';
import { logOf } from './logs.ts';
import { isBoot } from './merge-logs.ts';
import { type SupportKind, unamePaths } from './paths.ts';
import { policyOf } from './policy.ts';
import { treeOfFiles } from './tree-of-files.ts';

/** What is known of a machine. */
export interface Capture {
  /** The path as the user gave it, or `<stdin>`. */
  readonly name: string;
  readonly observation: Observation;
  /** Whether a device tree was read; without one `observation.tree` has a root without properties. */
  readonly hasTree: boolean;
  /** Absent where what was read is not a capture: another support archive, a tree, a log. */
  readonly manifest?: Manifest;
  /** Properties that are on the machine but not in the capture, by path in the tree. */
  readonly leftOut: readonly string[];
  /** Why the tree is not whole, one line each; empty when it is. */
  readonly gaps: readonly string[];
  /** Lockdown mode, as in `/sys/kernel/security/lockdown`: `none`, `integrity`, `confidentiality`. */
  readonly lockdown?: string;
}

const descriptions: Readonly<Record<SupportKind, string>> = {
  capture: 'from a capture',
  sosreport: 'from a sosreport',
  supportconfig: 'from a supportconfig',
  snap: 'from a snap',
  archive: 'from an archive or folder with files of a machine',
};

/**
 * Reads the state of the machine from a support archive; a capture is checked against its manifest.
 * @throws InputError when there is neither a device tree nor a kernel log in it
 */
export async function captureOf(archive: Archive, name: string): Promise<Capture> {
  const { files, notes } = archive;
  const { lines: log, cut } = logOf(archive.logs);
  const hasTree = archive.tree.size > 0;
  if (!hasTree && log.length === 0) {
    const [why] = notes;
    throw new InputError(
      `neither a device tree nor a kernel log in it${why === undefined ? '' : `; ${why}`}`,
      { file: name },
      { hint: 'give a capture, a sosreport, a supportconfig, a snap, a device tree, or a kernel log' },
    );
  }
  const manifestFile = files.get(MANIFEST_PATH);
  const manifest = manifestFile && (await parseManifest(manifestFile, name));
  const release = manifest?.release || releaseOf(files, log);
  const lockdown = /\[(\w+)\]/.exec(textOf(files, 'sys/kernel/security/lockdown'))?.[1];
  const wrong = manifest ? problems(archive, manifest) : [];
  const ofTree = wrong.filter((problem) => inTree.test(problem));
  return {
    name,
    hasTree,
    ...(manifest && { manifest }),
    ...(lockdown !== undefined && { lockdown }),
    leftOut: manifest?.leftOut ?? [],
    gaps: [...notes, ...ofTree, ...(hasTree ? [] : [NO_TREE])],
    observation: observed(treeOfFiles(archive.tree), {
      release,
      description: manifest ? `captured ${manifest.when}` : descriptions[archive.kind],
      unread: [
        ...notes,
        ...wrong,
        ...cut.map((path) => `${path}: only its end was read`),
        ...archive.logs.flatMap(({ path, problem }) =>
          problem === undefined ? [] : [`${path}: ${problem}`],
        ),
      ],
      log,
      devices: manifest?.devices ?? [],
    }),
  };
}

const NO_TREE = 'there is no device tree in it';

/** Files of the tree, which old kernels have in /proc. */
const inTree = /^\/?(?:sys\/firmware\/devicetree\/base|proc\/device-tree)\//;

/** Makes a capture from a kernel log alone. */
export function captureOfLog(log: readonly LogLine[], name: string, unread: readonly string[]): Capture {
  const rest = { description: 'a kernel log alone', unread, log, devices: [] };
  const observation = observed(tree(node('')), { ...rest, release: releaseOf(new Map(), log) });
  return { name, hasTree: false, leftOut: [], gaps: [NO_TREE], observation };
}

/** Makes a capture from a tree alone. */
export function captureOfTree(devicetree: Tree, name: string, unread: readonly string[]): Capture {
  const rest = { release: '', description: 'a tree alone', unread, log: [], devices: [] };
  return { name, hasTree: true, leftOut: [], gaps: unread, observation: observed(devicetree, rest) };
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
    drivers: loggedDriverStates(log),
    ...rest,
  };
}

/** What the machine could not give, and what is not as it was when it was captured. */
function problems({ files, logs, tree, treeRoot }: Archive, manifest: Manifest): readonly string[] {
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
    const sum = bytes ? hash('sha256', bytes, 'hex') : logs.find((log) => log.path === path.slice(2))?.sum;
    if (sum === undefined) wrong.push(`${path.slice(2)}: captured, but not in the archive`);
    else if (sum !== line.slice(0, 64)) wrong.push(`${path.slice(2)}: not as it was captured`);
  }
  const more = wrong.length - 20;
  return [
    ...found,
    ...wrong.slice(0, 20),
    ...(more > 0 ? [`${more} more files missing or not as they were captured`] : []),
  ];
}

function releaseOf(files: ReadonlyMap<string, Uint8Array>, log: readonly LogLine[]): string {
  const known = textOf(files, 'proc/sys/kernel/osrelease').trim();
  if (known !== '') return known;
  // A log of several boots ends with the running kernel's.
  const version = [textOf(files, 'proc/version'), log.findLast(isBoot)?.text ?? ''];
  for (const text of version) {
    const found = /^Linux version (\S+)/.exec(text)?.[1];
    if (found !== undefined) return found;
  }
  for (const path of unamePaths) {
    // In basic-environment.txt of a supportconfig it is one of many lines.
    const found = /^Linux \S+ (\d\S+)/m.exec(textOf(files, path))?.[1];
    if (found !== undefined) return found;
  }
  return '';
}

function textOf(files: ReadonlyMap<string, Uint8Array>, path: string): string {
  return Buffer.from(files.get(path) ?? []).toString('latin1');
}
