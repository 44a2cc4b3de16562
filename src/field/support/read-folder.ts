import { closeSync, constants, type Dirent, openSync, readdirSync, readSync } from 'node:fs';
import { InputError } from '../../base/index.ts';
import { defaultLimits, tooLarge } from '../archive/limits.ts';
import type { Member, MemberKind } from '../archive/member.ts';
import { type Archive, Collector } from './collector.ts';
import { leadsToFiles, MAX_TOP_DEPTH, treeRoots } from './paths.ts';

/**
 * Reads a folder in which a support archive was unpacked, or which is a machine's `/`, exactly as `readArchive` reads the
 * archive: no link is followed, and the same files are read.
 * @throws InputError when the folder exceeds the limits of an archive
 */
export async function readFolder(folder: string): Promise<Archive> {
  const collector = new Collector();
  const walk = new Walk(folder, collector);
  walk.from([], (names) => leadsToFiles(names));
  // A running machine has much below its `/` that is slow to list; no other machine is looked for there.
  if (!collector.hasOwnTree) walk.from([], leadsToMachine);
  return collector.archive();
}

/** Whether files of some machine may be in a folder. */
function leadsToMachine(names: readonly string[]): boolean {
  for (let top = 0; top <= Math.min(MAX_TOP_DEPTH, names.length); top += 1)
    if (leadsToFiles(names.slice(top))) return true;
  return false;
}

const TREES = treeRoots.map((root) => root.split('/'));

/** Whether a folder is in a device tree, at whatever depth the machine's folder is. */
function isInTree(names: readonly string[]): boolean {
  return TREES.some((tree) => {
    for (let top = 0; top <= MAX_TOP_DEPTH; top += 1)
      if (tree.every((name, at) => names[top + at] === name)) return true;
    return false;
  });
}

class Walk {
  /** Names are bytes: a character for each. */
  readonly #folder: string;
  readonly #collector: Collector;
  readonly #chunk = Buffer.alloc(256 << 10);
  readonly #seen = new Set<string>();
  #members = 0;
  #bytes = 0;

  constructor(folder: string, collector: Collector) {
    this.#folder = Buffer.from(folder).toString('latin1');
    this.#collector = collector;
  }

  /** @param leads whether a folder is looked into */
  from(names: readonly string[], leads: (names: readonly string[]) => boolean): void {
    for (const entry of this.#list(names)) {
      const below = [...names, entry.name];
      const path = below.join('/');
      const kind = kindOf(entry);
      if (!this.#seen.has(path)) {
        this.#seen.add(path);
        this.#take({ path, kind, size: 0, target: '' });
      }
      if (kind === 'folder' && (leads(below) || isInTree(below))) this.from(below, leads);
    }
  }

  #list(names: readonly string[]): readonly Dirent<string>[] {
    if (names.length > defaultLimits.depth)
      throw tooLarge(`a path of more than ${defaultLimits.depth} names`, this.#folder);
    try {
      const entries = readdirSync(this.#real(names.join('/')), { withFileTypes: true, encoding: 'latin1' });
      return entries.sort((one, other) => (one.name < other.name ? -1 : 1));
    } catch (error) {
      this.#collector.note(`${names.join('/')}: ${codeOf(error)}`);
      return [];
    }
  }

  #take(member: Member): void {
    this.#members += 1;
    if (this.#members > defaultLimits.members)
      throw tooLarge(`more than ${defaultLimits.members} members`, this.#folder);
    const wanted = member.kind === 'file' && this.#collector.wants(member);
    try {
      if (wanted === true) this.#collector.take(member, this.#read(member.path));
      else {
        if (wanted) this.#stream(member.path, wanted);
        this.#collector.take(member, undefined);
      }
    } catch (error) {
      if (error instanceof InputError) throw error;
      this.#collector.note(`${member.path}: ${codeOf(error)}`);
    }
  }

  #read(path: string): Uint8Array {
    const { fileBytes, keptBytes } = defaultLimits;
    const parts: Buffer[] = [];
    let length = 0;
    this.#stream(path, (chunk) => {
      length += chunk.length;
      this.#bytes += chunk.length;
      if (length > fileBytes) throw tooLarge(`${path} is of more than ${fileBytes} bytes`, this.#folder);
      if (this.#bytes > keptBytes)
        throw tooLarge(`more than ${keptBytes} bytes of device tree`, this.#folder);
      parts.push(Buffer.from(chunk));
    });
    return new Uint8Array(Buffer.concat(parts));
  }

  #stream(path: string, take: (chunk: Uint8Array) => void): void {
    const file = openSync(this.#real(path), constants.O_RDONLY | constants.O_NOFOLLOW);
    try {
      for (let length = readSync(file, this.#chunk); length > 0; length = readSync(file, this.#chunk))
        take(this.#chunk.subarray(0, length));
    } finally {
      closeSync(file);
    }
  }

  #real(path: string): Buffer {
    return Buffer.from(`${this.#folder}/${path}`, 'latin1');
  }
}

function kindOf(entry: Dirent<string>): MemberKind {
  if (entry.isFile()) return 'file';
  if (entry.isDirectory()) return 'folder';
  if (entry.isSymbolicLink()) return 'link';
  if (entry.isFIFO()) return 'fifo';
  return entry.isBlockDevice() || entry.isCharacterDevice() ? 'device' : 'unknown kind';
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? String(error);
}
