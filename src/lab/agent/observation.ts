import { type Property, type Tree, type TreeNode, tree } from '../../devicetree/index.ts';
import type { LogLine, OfNodeLink, VioDevice } from '../../partition/index.ts';
import { errorLines } from './errno.ts';
import { parseKernelLog } from './kernel-log.ts';
import { type TarEntry, untar } from './untar.ts';

/** State of a guest, read in one round trip. Reading has no side effects on references: no `devspec` is read. */
export interface RawObservation {
  /** The live tree, `/sys/firmware/devicetree/base`. Siblings are in the order of sysfs, which is not the kernel's. */
  readonly tree: Tree;
  /** Files that could not be read, each with its path and reason. */
  readonly unread: readonly string[];
  /** `/sys/bus/vio/devices`, sorted by name, without `devspec`. */
  readonly devices: readonly VioDevice[];
  /** The kernel log with levels and timestamps. */
  readonly log: readonly LogLine[];
}

const TAR_MARK = '\ntar\n';
const DEVICES_FOLDER = 'sys/bus/vio/devices/';

/** Parses the agent's answer to `observe`, whose parts `op_observe` in `script.ts` describes. */
export function parseObservation(answer: Buffer): RawObservation {
  const marker = answer.indexOf(TAR_MARK, 0, 'latin1');
  const split = marker < 0 ? answer.length : marker;
  const head = answer.toString('utf8', 0, split);
  const archive = answer.subarray(split + TAR_MARK.length);
  const { entries, end } = untar(archive);
  const resolving = new Set(
    Array.from(head.matchAll(/^resolves .*\/(.*)\/of_node\/\.$/gm), (match) => match[1] ?? ''),
  );
  const unread = errorLines(archive.toString('utf8', end ?? archive.length)).filter(
    (line) => !line.includes('removing leading'),
  );
  if (end === undefined) unread.push('/: the archive of the tree is incomplete');
  return {
    tree: treeOf(entries.filter(({ path }) => !path.startsWith(DEVICES_FOLDER))),
    unread,
    devices: devicesOf(
      entries.filter(({ path }) => path.startsWith(DEVICES_FOLDER)),
      resolving,
    ),
    log: parseKernelLog(head),
  };
}

interface Draft extends TreeNode {
  readonly properties: Property[];
  readonly children: Draft[];
}

function treeOf(entries: readonly TarEntry[]): Tree {
  const drafts = new Map<string, Draft>([['', draft('')]]);
  const folder = (path: string): Draft => {
    const known = drafts.get(path);
    if (known) return known;
    const made = draft(path.slice(path.lastIndexOf('/') + 1));
    folder(parentOf(path)).children.push(made);
    drafts.set(path, made);
    return made;
  };
  for (const { path, kind, data } of entries) {
    if (kind === 'folder') folder(path);
    else
      folder(parentOf(path)).properties.push({
        name: path.slice(path.lastIndexOf('/') + 1),
        value: new Uint8Array(data),
      });
  }
  return tree(folder(''));
}

function draft(name: string): Draft {
  return { name, properties: [], children: [] };
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

function devicesOf(entries: readonly TarEntry[], resolving: ReadonlySet<string>): VioDevice[] {
  const targets = new Map(entries.map(({ path, target }) => [path.slice(DEVICES_FOLDER.length), target]));
  // `vio` is the root of the bus, not a device.
  const names = Array.from(targets.keys()).filter((path) => !path.includes('/') && path !== 'vio');
  return names.sort().map((name) => {
    const target = targets.get(`${name}/of_node`);
    const ofNode: OfNodeLink =
      target === undefined
        ? { state: 'absent' }
        : { state: resolving.has(name) ? 'resolves' : 'dangling', target };
    const driver = targets.get(`${name}/driver`);
    return { name, driver: driver?.slice(driver.lastIndexOf('/') + 1) ?? null, ofNode };
  });
}
