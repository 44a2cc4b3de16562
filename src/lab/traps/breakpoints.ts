import type { GdbClient } from './gdb/index.ts';

/** The breakpoints that are set in a guest. */
export class Breakpoints {
  #gdb: GdbClient;
  readonly #set = new Set<bigint>();

  constructor(gdb: GdbClient) {
    this.#gdb = gdb;
  }

  has(address: bigint): boolean {
    return this.#set.has(address);
  }

  /** Sets and clears until these are set and no others. */
  async setTo(wanted: readonly bigint[]): Promise<void> {
    const gone = [...this.#set].filter((address) => !wanted.includes(address));
    const added = wanted.filter((address) => !this.#set.has(address));
    for (const address of gone) this.#set.delete(address);
    for (const address of added) this.#set.add(address);
    await Promise.all([
      ...gone.map((address) => this.#gdb.clearBreakpoint(address)),
      ...added.map((address) => this.#gdb.setBreakpoint(address)),
    ]);
  }

  /** The guest has come to another stub, where none is set. */
  moveTo(gdb: GdbClient): void {
    this.#gdb = gdb;
    this.#set.clear();
  }
}
