import {
  closeSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  readSync,
  realpathSync,
  statSync,
} from 'node:fs';
import { getSystemErrorMap } from 'node:util';
import type { CapturedDevice } from './manifest-schema.ts';

/** What was found on a machine, before it is redacted and packed. Paths are those of the machine, without first slash. */
export interface Gathered {
  readonly files: Map<string, Uint8Array>;
  readonly folders: string[];
  readonly devices: CapturedDevice[];
  readonly unread: { path: string; reason: string }[];
  readonly leftOut: string[];
  readonly truncated: string[];
  /** MAC addresses of properties that are left out, 12 digits each: texts may have them without colons. */
  readonly macAddresses: string[];
}

/** The files of a machine, read one after the other: files in sysfs are small, and threads would take longer. */
export class Machine {
  readonly root: string;
  readonly gathered: Gathered;
  /** Where the root really is; undefined on the machine itself, which has nothing outside. */
  readonly #inside: string | undefined;

  constructor(root: string, gathered: Gathered) {
    this.root = root;
    this.gathered = gathered;
    this.#inside = root === '' ? undefined : realpathOf(Buffer.from(root, 'latin1'));
  }

  real(path: string): Buffer {
    return Buffer.from(`${this.root}/${path}`, 'latin1');
  }

  /** Whether a path stays inside of the root, its links followed. */
  isInside(path: string): boolean {
    if (this.#inside === undefined) return true;
    const real = realpathOf(this.real(path));
    return real === undefined || real === this.#inside || real.startsWith(`${this.#inside}/`);
  }

  isFolder(path: string): boolean {
    return (
      this.isInside(path) && (statSync(this.real(path), { throwIfNoEntry: false })?.isDirectory() ?? false)
    );
  }

  exists(path: string): boolean {
    return statSync(this.real(path), { throwIfNoEntry: false }) !== undefined;
  }

  /** Whether it is a file, and no link to one. */
  isOwnFile(path: string): boolean {
    return lstatSync(this.real(path), { throwIfNoEntry: false })?.isFile() ?? false;
  }

  list(path: string): { name: string; folder: boolean; file: boolean }[] {
    try {
      const entries = readdirSync(this.real(path), { withFileTypes: true, encoding: 'latin1' });
      return entries.map((entry) => ({
        name: entry.name,
        folder: entry.isDirectory(),
        file: entry.isFile(),
      }));
    } catch (error) {
      this.unread(path, error);
      return [];
    }
  }

  read(path: string): Uint8Array | undefined {
    try {
      return new Uint8Array(readFileSync(this.real(path)));
    } catch (error) {
      this.unread(path, error);
      return undefined;
    }
  }

  /** Reads a file of any size in chunks. A chunk is valid during the call only. */
  stream(path: string, take: (chunk: Buffer) => void): void {
    try {
      const file = openSync(this.real(path), 'r');
      try {
        const chunk = Buffer.alloc(1 << 20);
        for (let length = readSync(file, chunk); length > 0; length = readSync(file, chunk))
          take(chunk.subarray(0, length));
      } finally {
        closeSync(file);
      }
    } catch (error) {
      this.unread(path, error);
    }
  }

  /** Text without the newlines at its end; undefined, and recorded, when it cannot be read. */
  text(path: string): string | undefined {
    const bytes = this.read(path);
    return bytes && Buffer.from(bytes).toString('latin1').replace(/\n+$/, '');
  }

  link(path: string): string | undefined {
    try {
      return readlinkSync(this.real(path), 'latin1');
    } catch {
      return undefined;
    }
  }

  /** Whether a file can be taken; that a link leads out of the root is recorded. */
  has(path: string): boolean {
    if (!this.exists(path)) return false;
    if (this.isInside(path)) return true;
    this.gathered.unread.push({ path: `/${path}`, reason: 'leads out of the root' });
    return false;
  }

  keep(path: string): void {
    const bytes = this.has(path) ? this.read(path) : undefined;
    if (bytes) this.gathered.files.set(path, bytes);
  }

  unread(path: string, error: unknown): void {
    this.gathered.unread.push({ path: `/${path}`, reason: reasonOf(error) });
  }
}

/** In the words of the C library, lower case: those of the script's programs. */
function reasonOf(error: unknown): string {
  const { code, errno } = error as NodeJS.ErrnoException;
  if (code === 'EIO') return 'input/output error';
  return getSystemErrorMap().get(errno ?? 0)?.[1] ?? String(error);
}

function realpathOf(path: Buffer): string | undefined {
  try {
    return realpathSync.native(path, 'latin1');
  } catch {
    return undefined;
  }
}
