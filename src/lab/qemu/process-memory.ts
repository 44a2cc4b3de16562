import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { EnvironmentError } from '../../base/index.ts';
import type { GuestMemory } from '../../papr/index.ts';
import { MEMORY_SIZE } from './machine.ts';
import type { Qmp } from './qmp.ts';

/**
 * Physical memory of a guest, read and written while the guest runs: it is QEMU's own, which Linux shows to those who may
 * trace a process (proc(5), `/proc/PID/mem`), such as its parents.
 *
 * For data only. QEMU does not notice: code that is written so would not be translated anew, and what is written while a guest
 * moves may stay behind. The gdb stub is for that.
 */
export class ProcessMemory implements GuestMemory {
  #file: number | undefined;
  /** Where in QEMU the guest's address 0 is. */
  readonly #start: number;

  private constructor(file: number, start: number) {
    this.#file = file;
    this.#start = start;
  }

  /**
   * @param pidFile that QEMU wrote
   * @throws EnvironmentError when this host does not let us
   */
  static async open(qmp: Qmp, pidFile: string): Promise<ProcessMemory> {
    const told = await qmp.execute('human-monitor-command', { 'command-line': 'gpa2hva 0' });
    const address = /is (0x[0-9a-f]+)/.exec(String(told))?.[1];
    if (address === undefined)
      throw new EnvironmentError(`QEMU does not tell where it keeps the memory: ${told}`);
    const path = `/proc/${(await readFile(pidFile, 'latin1')).trim()}/mem`;
    try {
      return new ProcessMemory(openSync(path, 'r+'), Number(address));
    } catch (error) {
      throw new EnvironmentError(
        `the memory of QEMU cannot be opened: ${(error as Error).message}`,
        'a process must be allowed to trace its children: sysctl kernel.yama.ptrace_scope (0 or 1)',
        error,
      );
    }
  }

  read(address: number, length: number): Uint8Array {
    const bytes = Buffer.allocUnsafe(length);
    const read = readSync(this.#open(), bytes, 0, length, this.#place(address, length));
    if (read !== length) throw new EnvironmentError('QEMU ended while its memory was read');
    return bytes;
  }

  write(address: number, bytes: Uint8Array): void {
    const written = writeSync(this.#open(), bytes, 0, bytes.length, this.#place(address, bytes.length));
    if (written !== bytes.length) throw new EnvironmentError('QEMU ended while its memory was written');
  }

  /** May be called twice. */
  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }

  #open(): number {
    if (this.#file === undefined) throw new EnvironmentError('the memory of the guest was closed');
    return this.#file;
  }

  #place(address: number, length: number): number {
    if (address < 0 || address + length > MEMORY_SIZE)
      throw new RangeError(`no memory at 0x${address.toString(16)}, ${length} bytes`);
    return this.#start + address;
  }
}
