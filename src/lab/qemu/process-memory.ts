import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { EnvironmentError } from '../../base/index.ts';
import type { GuestMemory } from '../../papr/index.ts';
import { MEMORY_SIZE } from './machine.ts';
import type { Qmp } from './qmp.ts';

/**
 * Physical memory of a guest, accessible while the guest runs. It is memory of the QEMU process, accessed through
 * `/proc/PID/mem` (proc(5)), which Linux permits to processes that may trace QEMU, such as its parents.
 *
 * For data only: QEMU does not notice these writes. It would not translate changed code again, and would not transfer data
 * that changes while a guest moves. Use the gdb stub for these.
 */
export class ProcessMemory implements GuestMemory {
  #file: number | undefined;
  /** Address in the QEMU process of the guest's physical address 0. */
  readonly #start: number;

  private constructor(file: number, start: number) {
    this.#file = file;
    this.#start = start;
  }

  /**
   * Opens the memory of a QEMU.
   * @param pidFile path of the file with QEMU's pid
   * @throws EnvironmentError when the host does not permit it
   */
  static async open(qmp: Qmp, pidFile: string): Promise<ProcessMemory> {
    const reply = await qmp.execute('human-monitor-command', { 'command-line': 'gpa2hva 0' });
    const address = /is (0x[0-9a-f]+)/.exec(String(reply))?.[1];
    if (address === undefined)
      throw new EnvironmentError(`QEMU does not report the address of the guest's memory: ${reply}`);
    const path = `/proc/${(await readFile(pidFile, 'latin1')).trim()}/mem`;
    try {
      return new ProcessMemory(openSync(path, 'r+'), Number(address));
    } catch (error) {
      throw new EnvironmentError(
        `cannot open the memory of QEMU: ${(error as Error).message}`,
        'Processes must be permitted to trace their children: sysctl kernel.yama.ptrace_scope must be 0 or 1.',
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
    if (this.#file === undefined)
      throw new EnvironmentError('the guest was closed: its memory is not accessible');
    return this.#file;
  }

  #place(address: number, length: number): number {
    if (address < 0 || address + length > MEMORY_SIZE)
      throw new RangeError(`the guest has no memory at 0x${address.toString(16)}, ${length} bytes`);
    return this.#start + address;
  }
}
