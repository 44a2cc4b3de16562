import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import type { CapturedDevice } from './manifest-schema.ts';

/** What was found on a machine, before it is redacted and packed. Paths are those of the machine, without first slash. */
export interface Gathered {
  readonly files: Map<string, Uint8Array>;
  readonly folders: string[];
  readonly devices: CapturedDevice[];
  readonly unread: { path: string; reason: string }[];
  readonly leftOut: string[];
  readonly truncated: string[];
}

/** The files of a machine. Everything is read at once and in turn: files in sysfs are small, and threads cost more. */
export class Machine {
  readonly root: string;
  readonly gathered: Gathered;

  constructor(root: string, gathered: Gathered) {
    this.root = root;
    this.gathered = gathered;
  }

  real(path: string): Buffer {
    return Buffer.from(`${this.root}/${path}`, 'latin1');
  }

  isFolder(path: string): boolean {
    return statSync(this.real(path), { throwIfNoEntry: false })?.isDirectory() ?? false;
  }

  exists(path: string): boolean {
    return statSync(this.real(path), { throwIfNoEntry: false }) !== undefined;
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

  /** Text without its last newline; undefined, and said, when it cannot be read. */
  text(path: string): string | undefined {
    const bytes = this.read(path);
    return bytes && Buffer.from(bytes).toString('latin1').replace(/\n$/, '');
  }

  link(path: string): string | undefined {
    try {
      return readlinkSync(this.real(path), 'latin1');
    } catch {
      return undefined;
    }
  }

  keep(path: string): void {
    const bytes = this.exists(path) ? this.read(path) : undefined;
    if (bytes) this.gathered.files.set(path, bytes);
  }

  unread(path: string, error: unknown): void {
    this.gathered.unread.push({
      path: `/${path}`,
      reason: (error as NodeJS.ErrnoException).code ?? String(error),
    });
  }
}
