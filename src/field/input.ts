import { stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { InputError } from '../base/index.ts';
import { readDirectory } from '../devicetree/directory.ts';
import { isDtb, parseDts, readDtb, type Tree } from '../devicetree/index.ts';
import { packingOf } from './archive/decompress.ts';
import { openSource, readWhole, type Source } from './archive/source.ts';
import { TREE_PATH } from './capture/layout.ts';
import { readIncludes } from './includes.ts';
import { readArchive } from './support/read-archive.ts';
import { type Capture, captureOf, captureOfTree } from './support/read-capture.ts';

/** What kind of thing a tree was read from. */
export type InputKind = 'dtb' | 'dts' | 'directory' | 'capture' | 'sosreport';

export interface Input {
  readonly tree: Tree;
  readonly kind: InputKind;
  /** The name for people: the path as given, or `<stdin>`. */
  readonly name: string;
  /** What could not be read, each with path and reason; the tree is whole when this is empty. */
  readonly unread: readonly string[];
  /** Properties, by path, that a capture hides. */
  readonly leftOut: readonly string[];
}

/**
 * Reads a tree from whatever holds one: a flattened blob, a source, a folder such as `/proc/device-tree`, a capture, a
 * sosreport, or `-` for standard input.
 * @throws InputError with file and place
 */
export async function readInput(path: string): Promise<Input> {
  const { kind, capture } = await read(path);
  const { name, observation, leftOut } = capture;
  return { kind, name, tree: observation.tree, unread: observation.unread, leftOut };
}

/**
 * Reads what is known of a machine, from the same things as `readInput`: from a capture all of it, from a sosreport
 * tree and log, from the others the tree alone.
 * @throws InputError with file and place
 */
export async function readCapture(path: string): Promise<Capture> {
  return (await read(path)).capture;
}

interface Read {
  readonly kind: InputKind;
  readonly capture: Capture;
}

async function read(path: string): Promise<Read> {
  if (path === '-') return fromSource(await openSource(path), '<stdin>', process.cwd());
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw new InputError(`cannot read: ${error.code ?? error.message}`, { file: path });
  });
  if (found.isDirectory()) return fromFolder(path);
  if (!found.isFile() && !found.isFIFO()) throw new InputError('neither a file nor a folder', { file: path });
  return fromSource(await openSource(path), path, dirname(resolve(path)));
}

/** A tree's own folder, or one in which an archive was unpacked or a machine's `/` is. */
async function fromFolder(path: string): Promise<Read> {
  let root = path;
  for (const below of [TREE_PATH, 'proc/device-tree']) {
    const inner = await stat(join(path, below)).catch(() => undefined);
    if (root === path && inner?.isDirectory()) root = join(path, below);
  }
  const { tree, problems } = await readDirectory(root);
  const unread = problems.map((problem) => `${problem.path}: ${problem.reason}`);
  return { kind: 'directory', capture: captureOfTree(tree, path, unread) };
}

async function fromSource(source: Source, name: string, folder: string): Promise<Read> {
  const packing = packingOf(source.head);
  if (packing !== undefined) {
    const capture = await captureOf(await readArchive(source.chunks, packing, name), name);
    return { kind: capture.manifest ? 'capture' : 'sosreport', capture };
  }
  const bytes = await readWhole(source);
  const blob = isDtb(bytes);
  const tree = blob
    ? readDtb(bytes, { file: name })
    : parseDts(bytes, { file: name, ...readIncludes(folder) });
  return { kind: blob ? 'dtb' : 'dts', capture: captureOfTree(tree, name, []) };
}
