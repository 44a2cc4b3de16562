import type { Member } from '../archive/member.ts';
import { LogReader, type ReadLog } from './log-reader.ts';
import { kindOf, MAX_TOP_DEPTH, place, type SupportKind, treeRoots } from './paths.ts';

/** What was read of a machine from a support archive, packed or as a folder. */
export interface Archive {
  /** Folder in which the machine's paths begin: `transplant-capture`, `sosreport-host-2024`, `''`. */
  readonly top: string;
  readonly kind: SupportKind;
  /** Where the device tree is below it; undefined when there is none. */
  readonly treeRoot: string | undefined;
  /** Files and folders (`undefined`) of the tree, by path below its root. */
  readonly tree: ReadonlyMap<string, Uint8Array | undefined>;
  /** Other small files, by path below the top. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** Logs below the top, in order of their paths. */
  readonly logs: readonly (ReadLog & { readonly path: string })[];
  /** What was ignored, cut off or strange; one line each. */
  readonly notes: readonly string[];
}

const TREE_ROOT = new RegExp(`^((?:[^/]+/){0,${MAX_TOP_DEPTH}}?)(${treeRoots.join('|')})(?:/(.*))?$`, 's');

type TreeFiles = Map<string, Uint8Array | undefined>;

interface FoundTree {
  readonly top: string;
  readonly root: string;
  readonly files: TreeFiles;
}

const MAX_NOTES = 20;
/** One machine has at most its tree by two paths; the others show that there are more machines. */
const MAX_TREES = 4;

/** Takes the members of a support archive, in any order, and keeps what is read of them. */
export class Collector {
  readonly #trees: FoundTree[] = [];
  /** The tree of the last member: the next one is most likely in it too. */
  #last: { readonly prefix: string; readonly files: TreeFiles } = { prefix: '\0', files: new Map() };
  readonly #files = new Map<string, Map<string, Uint8Array>>();
  readonly #logs = new Map<string, { readonly path: string; readonly text: LogReader }[]>();
  readonly #notes: string[] = [];
  readonly #snapTops = new Set<string>();
  #ignored = 0;

  /** Whether the outermost folder is a machine's, with its tree. */
  get hasOwnTree(): boolean {
    return this.#trees.some(({ top, files }) => top === '' && files.size > 0);
  }

  /** Whether a file's bytes are wanted: whole, or in chunks. */
  wants({ path }: Member): boolean | ((chunk: Uint8Array) => void) {
    if (path.startsWith(this.#last.prefix) || TREE_ROOT.test(path)) return true;
    const found = place(path);
    if (!found) return false;
    if (!found.log) return true;
    const text = new LogReader(found.below);
    listIn(this.#logs, found.top).push({ path: found.below, text });
    return (chunk) => text.push(chunk);
  }

  /** @param bytes of a file that is wanted whole */
  take({ path, kind }: Member, bytes: Uint8Array | undefined): void {
    const { prefix, files } = this.#last;
    const isTree = kind === 'file' || kind === 'folder';
    if (isTree && path.startsWith(prefix)) {
      files.set(path.slice(prefix.length), bytes);
      return;
    }
    const match = TREE_ROOT.exec(path);
    if (match) {
      const [, inTop = '', root = '', below = ''] = match;
      if (isTree) {
        this.#last = { prefix: `${inTop}${root}/`, files: this.#tree(inTop.slice(0, -1), root) };
        this.#last.files.set(below, bytes);
      }
      // /proc/device-tree itself is a link to sysfs, where the tree is.
      else if (below !== '') this.note(`${path}: ${kind}, ignored`);
    } else if (bytes) {
      const found = place(path);
      if (found) mapIn(this.#files, found.top).set(found.below, bytes);
    } else if (kind === 'device' || kind === 'fifo') this.note(`${path}: ${kind}, ignored`);
    const snap = path.indexOf('snap_commands');
    if (snap >= 0) this.#snapTops.add(path.slice(0, Math.max(snap - 1, 0)));
  }

  /** Records what was ignored, cut off or strange. */
  note(text: string): void {
    this.#ignored += 1;
    if (this.#notes.length < MAX_NOTES) this.#notes.push(text);
  }

  /** @param cutOff where the archive ends too early */
  async archive(cutOff?: string): Promise<Archive> {
    const tree = this.#bestTree();
    const top = tree?.top ?? this.#topOfLogs();
    const files = this.#files.get(top) ?? new Map();
    const logs = [];
    for (const { path, text } of this.#logs.get(top) ?? []) logs.push({ path, ...(await text.end()) });
    logs.sort((one, other) => (one.path < other.path ? -1 : 1));
    const more = this.#ignored - this.#notes.length;
    const notes = [
      ...(cutOff === undefined ? [] : [cutOff]),
      ...this.#notes.toSorted(),
      ...(more > 0 ? [`${more} more devices, links and the like, ignored`] : []),
      ...this.#otherMachines(top),
    ];
    const paths = [...files.keys(), ...logs.map(({ path }) => path), ...(tree ? [`${tree.root}/`] : [])];
    const kind = this.#snapTops.has(top) ? 'snap' : kindOf(paths);
    return { top, kind, treeRoot: tree?.root, tree: tree?.files ?? new Map(), files, logs, notes };
  }

  #tree(top: string, root: string): TreeFiles {
    const known = this.#trees.find((tree) => tree.top === top && tree.root === root);
    if (known) return known.files;
    const files: TreeFiles = new Map();
    if (this.#trees.length < MAX_TREES) this.#trees.push({ top, root, files });
    return files;
  }

  /** The tree of the outermost machine; by the path by which more of it was read. */
  #bestTree(): FoundTree | undefined {
    return this.#trees.toSorted(
      (one, other) =>
        depth(one.top) - depth(other.top) ||
        other.files.size - one.files.size ||
        (one.top < other.top ? -1 : 1),
    )[0];
  }

  #topOfLogs(): string {
    const tops = Array.from(this.#logs.keys());
    return tops.sort((one, other) => depth(one) - depth(other) || (one < other ? -1 : 1))[0] ?? '';
  }

  #otherMachines(chosen: string): readonly string[] {
    const tops = new Set(this.#trees.map(({ top }) => top));
    if (tops.size === 0) for (const top of this.#logs.keys()) tops.add(top);
    return Array.from(tops)
      .filter((top) => top !== chosen && depth(top) === depth(chosen))
      .sort()
      .map((top) => `${top}: another machine, ignored`);
  }
}

function depth(path: string): number {
  return path === '' ? 0 : path.split('/').length;
}

function listIn<T>(map: Map<string, T[]>, key: string): T[] {
  const known = map.get(key) ?? [];
  map.set(key, known);
  return known;
}

function mapIn<T>(map: Map<string, Map<string, T>>, key: string): Map<string, T> {
  const known = map.get(key) ?? new Map<string, T>();
  map.set(key, known);
  return known;
}
