import type { GdbClient } from './gdb/index.ts';

/** The set of breakpoints in a guest. */
export class Breakpoints {
  #gdb: GdbClient;
  readonly #set = new Set<bigint>();

  constructor(gdb: GdbClient) {
    this.#gdb = gdb;
  }

  has(address: bigint): boolean {
    return this.#set.has(address);
  }

  /** Sets and clears breakpoints so that exactly these are set. */
  async setTo(wanted: readonly bigint[]): Promise<void> {
    const removed = [...this.#set].filter((address) => !wanted.includes(address));
    const added = wanted.filter((address) => !this.#set.has(address));
    for (const address of removed) this.#set.delete(address);
    for (const address of added) this.#set.add(address);
    await Promise.all([
      ...removed.map((address) => this.#gdb.clearBreakpoint(address)),
      ...added.map((address) => this.#gdb.setBreakpoint(address)),
    ]);
  }

  /** Continues with another gdb stub, where no breakpoint is set. */
  moveTo(gdb: GdbClient): void {
    this.#gdb = gdb;
    this.#set.clear();
  }
}
