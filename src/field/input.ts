import { stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { InputError } from '../base/index.ts';
import { readDirectory } from '../devicetree/directory.ts';
import { parseDts, readDtb, type Tree } from '../devicetree/index.ts';
import { readWhole } from './archive/source.ts';
import { readIncludes } from './includes.ts';
import { checkIsLog, readLogSource } from './log-input.ts';
import type { SupportKind } from './support/paths.ts';
import { readArchive } from './support/read-archive.ts';
import { type Capture, captureOf, captureOfLog, captureOfTree } from './support/read-capture.ts';
import { readFolder } from './support/read-folder.ts';
import { type OpenInput, openInput } from './what-is-it.ts';

/** What kind of thing was read; `directory` is a folder that is a tree itself. */
export type InputKind = 'dtb' | 'dts' | 'directory' | 'log' | SupportKind;

export interface Input {
  readonly tree: Tree;
  readonly kind: InputKind;
  /** The path as given, or `<stdin>`. */
  readonly name: string;
  /** What could not be read, each with path and reason; the tree is whole when this is empty. */
  readonly unread: readonly string[];
  /** Properties, by path, that a capture hides. */
  readonly leftOut: readonly string[];
}

/**
 * Reads a tree: from a flattened blob, a source, a folder such as `/proc/device-tree`, or a support archive, packed or as a
 * folder; `-` is standard input.
 * @throws InputError with file and place, or when there is no tree
 */
export async function readInput(path: string): Promise<Input> {
  const { kind, capture } = await read(path, 'tree');
  const { name, observation, leftOut, hasTree } = capture;
  if (!hasTree) throw new InputError('no device tree in it', { file: name });
  return { kind, name, tree: observation.tree, unread: observation.unread, leftOut };
}

/**
 * Reads what is known of a machine: of a support archive, packed or as a folder, tree and log; of a tree or a log the one
 * without the other.
 * @throws InputError with file and place, or when there is neither a tree nor a log
 */
export async function readCapture(path: string): Promise<Capture> {
  return (await read(path, 'machine')).capture;
}

interface Read {
  readonly kind: InputKind;
  readonly capture: Capture;
}

/** @param wanted where a tree is wanted, any folder and any text are read as one */
type Wanted = 'tree' | 'machine';

async function read(path: string, wanted: Wanted): Promise<Read> {
  if (path === '-') return fromOpen(await openInput(path, '<stdin>'), '<stdin>', process.cwd(), wanted);
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw new InputError(`cannot read: ${error.code ?? error.message}`, { file: path });
  });
  if (found.isDirectory()) return fromFolder(path, wanted);
  if (!found.isFile() && !found.isFIFO()) throw new InputError('neither a file nor a folder', { file: path });
  return fromOpen(await openInput(path, path), path, dirname(resolve(path)), wanted);
}

/** The root of every tree of a machine has at least one of these properties (Devicetree Specification §3.2; `name` in /proc). */
const ROOT_PROPERTIES = ['#address-cells', '#size-cells', 'compatible', 'device_type', 'model', 'name'];

async function fromFolder(path: string, wanted: Wanted): Promise<Read> {
  const marks = ROOT_PROPERTIES.map((name) => stat(resolve(path, name)).catch(() => undefined));
  const isTree = (await Promise.all(marks)).some((mark) => mark?.isFile());
  if (!isTree) {
    const archive = await readFolder(path);
    const isMachine = archive.tree.size > 0 || archive.logs.length > 0;
    if (isMachine || wanted === 'machine')
      return { kind: archive.kind, capture: await captureOf(archive, path) };
  }
  const { tree, problems } = await readDirectory(path);
  const unread = problems.map((problem) => `${problem.path}: ${problem.reason}`);
  return { kind: 'directory', capture: captureOfTree(tree, path, unread) };
}

async function fromOpen(
  { content, source }: OpenInput,
  name: string,
  folder: string,
  wanted: Wanted,
): Promise<Read> {
  if (content === 'archive') {
    const archive = await readArchive(source.chunks, 'none', name);
    return { kind: archive.kind, capture: await captureOf(archive, name) };
  }
  if (content === 'text' && wanted === 'machine') {
    const log = await readLogSource(source, name);
    checkIsLog(log);
    return { kind: 'log', capture: captureOfLog(log.lines, name, log.unread) };
  }
  const bytes = await readWhole(source);
  const tree =
    content === 'dtb'
      ? readDtb(bytes, { file: name })
      : parseDts(bytes, { file: name, ...readIncludes(folder) });
  return { kind: content === 'dtb' ? 'dtb' : 'dts', capture: captureOfTree(tree, name, []) };
}
