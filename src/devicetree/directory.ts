/**
 * Trees as folders, such as `/proc/device-tree`: a node is a folder, a property is a file with its value.
 *
 * The only file of this room that needs Node. It reads and writes files with synchronous calls, which block for a few
 * microseconds each; a promise for each file would take several times as long. After each folder it yields to other work.
 *
 * Names are bytes (see tree.ts), so paths are Latin-1 strings here and bytes for Node.
 */

import { randomUUID } from 'node:crypto';
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  mkdirSync,
  opendirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { resolve } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { InputError } from '../base/index.ts';
import { joinPath, walk } from './paths.ts';
import { type Property, type Tree, type TreeNode, tree } from './tree.ts';

/** Limits of a folder that is read; what exceeds them is a problem. */
export interface ReadDirectoryOptions {
  /** Bytes of one value. Default: 16 MiB. */
  readonly maxFileSize?: number;
  /** Bytes of all values together. Default: 1 GiB. */
  readonly maxBytes?: number;
  /** Files and folders together. Default: 1,000,000. */
  readonly maxEntries?: number;
  /** Levels of folders below the root. Default: 64, the kernel's limit for a flattened tree. */
  readonly maxDepth?: number;
}

/** An entry of the folder that is not in the tree, or not completely. */
export interface DirectoryProblem {
  /** Its path from the folder that was read: `/cpus/ibm,secret`. */
  readonly path: string;
  /** `permission denied`. */
  readonly reason: string;
}

/** A tree that was read from a folder. */
export interface DirectoryTree {
  /** The tree, without what could not be read. */
  readonly tree: Tree;
  /** Whether the tree has everything in the folder; false if there are problems. */
  readonly complete: boolean;
  /** What is missing, with reasons. */
  readonly problems: readonly DirectoryProblem[];
}

/**
 * Reads a tree from a folder. Properties and children are sorted by the bytes of their names, because a folder has no order.
 * A file `name` is the property of that name. A folder has no memory reservations and no boot CPU: none, and 0.
 *
 * Links are not followed, except the folder itself (/proc/device-tree is a link); only regular files are opened. Entries
 * that could not be read are problems; a folder that could not be read is an empty node.
 *
 * ```ts
 * const { tree, problems } = await readDirectory('/proc/device-tree');
 * ```
 *
 * @throws InputError if there is no such folder
 */
export async function readDirectory(
  path: string,
  options: ReadDirectoryOptions = {},
): Promise<DirectoryTree> {
  requireFolder(path);
  const reader = new Reader(options);
  const root: Growing = { name: '', properties: [], children: [] };
  const waiting: Folder[] = [{ node: root, at: asLatin1(path), path: '/', depth: 0 }];
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    // Pushed in reverse, so that problems come in the order of the tree.
    for (const below of reader.read(folder).reverse()) waiting.push(below);
    await setImmediate();
  }
  return { tree: tree(root), complete: reader.problems.length === 0, problems: reader.problems };
}

function requireFolder(path: string): void {
  try {
    if (statSync(path).isDirectory()) return;
  } catch (error) {
    throw new InputError(`cannot read: ${reasonOf(error)}`, { file: path });
  }
  throw new InputError('not a folder', { file: path });
}

/** A node while its folder is being read. */
interface Growing extends TreeNode {
  readonly properties: Property[];
  readonly children: Growing[];
}

interface Folder {
  readonly node: Growing;
  /** Its path on disk, as Latin-1. */
  readonly at: string;
  /** Its path in the tree. */
  readonly path: string;
  readonly depth: number;
}

class Reader {
  readonly problems: DirectoryProblem[] = [];
  readonly #maxFileSize: number;
  readonly #maxDepth: number;
  #bytesLeft: number;
  #entriesLeft: number;

  constructor(options: ReadDirectoryOptions) {
    this.#maxFileSize = options.maxFileSize ?? 16 * 1024 ** 2;
    this.#maxDepth = options.maxDepth ?? 64;
    this.#bytesLeft = options.maxBytes ?? 1024 ** 3;
    this.#entriesLeft = options.maxEntries ?? 1_000_000;
  }

  /** Adds the properties and the empty children of a node; returns the folders of the children. */
  read({ node, at, path, depth }: Folder): Folder[] {
    const folders: Folder[] = [];
    for (const name of this.#names(at, path)) {
      const entry = `${at}/${name}`;
      const place = joinPath(path, name);
      try {
        const stats = lstatSync(asBytes(entry));
        if (stats.isFile()) node.properties.push({ name, value: this.#value(entry) });
        else if (stats.isSymbolicLink()) this.#report(place, 'symbolic link: left out');
        else if (!stats.isDirectory()) this.#report(place, 'pipe, socket or device: left out');
        else if (depth >= this.#maxDepth)
          this.#report(place, `more than ${this.#maxDepth} levels deep: left out`);
        else {
          const child: Growing = { name, properties: [], children: [] };
          node.children.push(child);
          folders.push({ node: child, at: entry, path: place, depth: depth + 1 });
        }
      } catch (error) {
        this.#report(place, reasonOf(error));
      }
    }
    return folders;
  }

  /** The sorted names of a folder, up to the limit of entries. */
  #names(at: string, path: string): string[] {
    const names: string[] = [];
    try {
      const directory = opendirSync(asBytes(at), { encoding: 'latin1' });
      try {
        for (let entry = directory.readSync(); entry !== null; entry = directory.readSync()) {
          if (this.#entriesLeft === 0) {
            this.#report(path, 'too many files and folders: the rest is left out');
            break;
          }
          this.#entriesLeft -= 1;
          names.push(entry.name);
        }
      } finally {
        directory.closeSync();
      }
    } catch (error) {
      this.#report(path, reasonOf(error));
    }
    // Strings of Latin-1 compare as their bytes do.
    return names.sort((one, other) => (one < other ? -1 : 1));
  }

  /** The content of a file. Its size is only a hint: it may change, and some file systems always report 0. */
  #value(at: string): Uint8Array {
    // The entry may have become a link or a pipe in the meantime: a link is not followed, a pipe not waited for.
    const file = openSync(asBytes(at), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      const stats = fstatSync(file);
      if (!stats.isFile()) throw new Error('no longer a file');
      const limit = Math.min(this.#maxFileSize, this.#bytesLeft);
      if (stats.size > limit) throw new Error(`more than ${limit} bytes`);
      let bytes = new Uint8Array(stats.size + 1);
      let length = 0;
      for (;;) {
        const count = readSync(file, bytes, length, bytes.length - length, null);
        length += count;
        if (length > limit) throw new Error(`more than ${limit} bytes`);
        if (count === 0) break;
        if (length === bytes.length) {
          const larger = new Uint8Array(Math.min(length * 2, limit + 1));
          larger.set(bytes);
          bytes = larger;
        }
      }
      this.#bytesLeft -= length;
      return bytes.slice(0, length);
    } finally {
      closeSync(file);
    }
  }

  #report(path: string, reason: string): void {
    this.problems.push({ path, reason });
  }
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'not permitted',
  EEXIST: 'there is something already',
  ENOTDIR: 'there is something else already',
  ENOTEMPTY: 'the folder is not empty',
  ENOENT: 'no such file or folder',
  ELOOP: 'symbolic link: left out',
  EIO: 'input/output error',
};

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return (code === undefined ? undefined : REASONS[code]) ?? message;
}

const asBytes = (latin1: string) => Buffer.from(latin1, 'latin1');
const asLatin1 = (path: string) => Buffer.from(path).toString('latin1');

/** Bytes of a file's name and path in Linux (include/uapi/linux/limits.h). */
const NAME_MAX = 255;
const PATH_MAX = 4095;

/**
 * Writes a tree as a folder, completely or not at all: under a temporary name next to its place, then renames it. Memory
 * reservations and boot CPU are not written.
 *
 * @param path a new or empty folder
 * @throws InputError if something else is at the path, or if a name cannot be a file name: it has a slash or NUL, is `.`,
 *   `..`, empty or too long, or occurs twice in one node
 */
export async function writeDirectory({ root }: Tree, path: string): Promise<void> {
  const place = resolve(path);
  const made = asLatin1(`${place}.${randomUUID()}.part`);
  for (const { path: of, node } of walk(tree(root))) checkNames(node, of, made.length);
  requireFree(place, path);
  try {
    await writeFolders(root, made);
    // rename(2) replaces an empty folder and nothing else, whatever has happened since the check.
    renameSync(asBytes(made), place);
  } catch (error) {
    rmSync(asBytes(made), { recursive: true, force: true });
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    throw new InputError(`cannot write: ${reasonOf(error)}`, { file: path });
  }
}

function requireFree(place: string, path: string): void {
  const stats = lstatSync(place, { throwIfNoEntry: false });
  if (stats === undefined || (stats.isDirectory() && readdirSync(place).length === 0)) return;
  throw new InputError(
    'there is something already',
    { file: path },
    { hint: 'Name a new or an empty folder.' },
  );
}

async function writeFolders(root: TreeNode, path: string): Promise<void> {
  const waiting = [{ node: root, at: path }];
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    const { node, at } = folder;
    mkdirSync(asBytes(at));
    for (const { name, value } of node.properties)
      writeFileSync(asBytes(`${at}/${name}`), value, { flag: 'wx' });
    for (const child of node.children) waiting.push({ node: child, at: `${at}/${child.name}` });
    await setImmediate();
  }
}

/** All names of a node are checked before anything is written: a bad one must not leave half a tree, or escape it. */
function checkNames(node: TreeNode, path: string, before: number): void {
  const taken = new Set<string>();
  const check = (name: string, place: string) => {
    const wrong =
      wrongName(name, before + place.length) ?? (taken.has(name) ? 'is used twice in its folder' : undefined);
    if (wrong !== undefined) {
      throw new InputError(`${JSON.stringify(name)} cannot be the name of a file: it ${wrong}`, {
        path: place,
      });
    }
    taken.add(name);
  };
  for (const { name } of node.properties) check(name, `${path}:${name}`);
  for (const { name } of node.children) check(name, joinPath(path, name));
}

function wrongName(name: string, pathLength: number): string | undefined {
  if (name === '') return 'is empty';
  if (name === '.' || name === '..') return 'means another folder';
  if (/[/\0]/.test(name)) return 'has a slash or NUL';
  if (/[^\0-\xff]/.test(name)) return 'has characters that are no bytes';
  if (name.length > NAME_MAX) return `is longer than ${NAME_MAX} bytes`;
  return pathLength > PATH_MAX ? 'is too deep' : undefined;
}
