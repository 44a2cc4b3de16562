import { type Chunks, CutOff, decompress, type Packing } from '../archive/decompress.ts';
import { defaultLimits, type Limits } from '../archive/limits.ts';
import type { Member } from '../archive/member.ts';
import { TarReader } from '../archive/tar-reader.ts';
import {
  CACHES_PATH,
  JOURNAL_PATH,
  LOG_PATH,
  MANIFEST_PATH,
  SUMS_PATH,
  textPaths,
} from '../capture/layout.ts';

/** What was taken out of an archive: the tree's files apart from the others, because they are so many. */
export interface Archive {
  /** Folder in which the machine's paths begin: `transplant-capture`, `sosreport-host-2024`, `''`. */
  readonly top: string;
  /** Where the device tree is below it; undefined when there is none. */
  readonly treeRoot: string | undefined;
  /** Files and folders (`undefined`) of the tree, by path below its root. */
  readonly tree: ReadonlyMap<string, Uint8Array | undefined>;
  /** Other files, by path below the top. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** What was ignored, cut off or strange; one line each. */
  readonly notes: readonly string[];
}

/** Files of a sosreport that say more than its device tree (sos, plugins kernel, process and powerpc). */
const sosPaths = ['sos_commands/kernel/dmesg', 'sos_commands/kernel/uname_-a', 'uname', 'var/log/dmesg'];

const capturePaths = [...textPaths, MANIFEST_PATH, SUMS_PATH, LOG_PATH, JOURNAL_PATH, CACHES_PATH];
const wantedPaths = new Set([...capturePaths, ...sosPaths]);
const TREE_ROOT = /^(?:(.*?)\/)??(proc\/device-tree|sys\/firmware\/devicetree\/base)(?:\/(.*))?$/s;

/**
 * Reads a capture or a sosreport, or any archive with `proc/device-tree` in it. Nothing is unpacked to disk, no link is
 * followed, and nothing but the tree and a few small files is kept in memory.
 * @throws InputError for what is no archive, leaves its folder, or exceeds the limits
 */
export async function readArchive(
  chunks: Chunks,
  packing: Packing,
  file: string,
  limits: Limits = defaultLimits,
): Promise<Archive> {
  const found = new Collector();
  const reader = new TarReader(
    { wants: (member) => found.wants(member), member: (member, bytes) => found.take(member, bytes) },
    limits,
    file,
  );
  let cutOff: string | undefined;
  try {
    for await (const chunk of decompress(chunks, packing, limits, file)) reader.push(chunk);
    cutOff = reader.end();
  } catch (error) {
    if (!(error instanceof CutOff)) throw error;
    cutOff = reader.end() ?? 'its checksum is missing';
  }
  return found.archive(
    cutOff === undefined ? undefined : `the archive is truncated after ${reader.members} members: ${cutOff}`,
  );
}

type TreeFiles = Map<string, Uint8Array | undefined>;

const MAX_NOTES = 20;

class Collector {
  /** Every place where a device tree is, by `TOP\0ROOT`. */
  readonly #trees = new Map<string, TreeFiles>();
  /** The place that the last member was in: the next one is most likely there too. */
  #last: { readonly prefix: string; readonly tree: TreeFiles } = { prefix: '\0', tree: new Map() };
  readonly #files = new Map<string, Uint8Array>();
  readonly #notes: string[] = [];
  #ignored = 0;

  wants({ path }: Member): boolean {
    if (path.startsWith(this.#last.prefix) || TREE_ROOT.test(path)) return true;
    return wantedPaths.has(path) || wantedPaths.has(path.slice(path.indexOf('/') + 1));
  }

  take({ path, kind }: Member, bytes: Uint8Array | undefined): void {
    const { prefix, tree } = this.#last;
    const isTree = kind === 'file' || kind === 'folder';
    if (isTree && path.startsWith(prefix)) {
      tree.set(path.slice(prefix.length), bytes);
      return;
    }
    const match = TREE_ROOT.exec(path);
    if (match) {
      const [, top = '', root = '', below = ''] = match;
      if (isTree) {
        this.#last = { prefix: `${top === '' ? '' : `${top}/`}${root}/`, tree: this.#tree(top, root) };
        this.#last.tree.set(below, bytes);
      }
      // /proc/device-tree itself is a link to sysfs, where the tree is.
      else if (below !== '') this.#ignore(`${path}: ${kind}, ignored`);
    } else if (bytes) this.#files.set(path, bytes);
    else if (kind === 'device' || kind === 'fifo') this.#ignore(`${path}: ${kind}, ignored`);
  }

  archive(cutOff: string | undefined): Archive {
    // A sosreport may have the tree by both of its paths; the one with more in it is the whole one.
    let best: [key: string, tree: TreeFiles] | undefined;
    for (const each of this.#trees) if (!best || each[1].size > best[1].size) best = each;
    const [top, root] = best ? best[0].split('\0') : [];
    const inTop = top === undefined || top === '' ? '' : `${top}/`;
    const files = new Map<string, Uint8Array>();
    for (const [path, bytes] of this.#files)
      if (path.startsWith(inTop)) files.set(path.slice(inTop.length), bytes);
    const more = this.#ignored - this.#notes.length;
    const notes = [
      ...(cutOff === undefined ? [] : [cutOff]),
      ...this.#notes,
      ...(more > 0 ? [`${more} more devices, links and the like, ignored`] : []),
    ];
    return { top: top ?? '', treeRoot: root, tree: best?.[1] ?? new Map(), files, notes };
  }

  #tree(top: string, root: string): TreeFiles {
    const key = `${top}\0${root}`;
    const known = this.#trees.get(key);
    if (known) return known;
    const made: TreeFiles = new Map();
    // A sosreport has one tree by two paths; an archive with more than three is after our memory.
    if (this.#trees.size < 3) this.#trees.set(key, made);
    return made;
  }

  #ignore(note: string): void {
    this.#ignored += 1;
    if (this.#notes.length < MAX_NOTES) this.#notes.push(note);
  }
}
