import {
  ARGUMENT_BLOCK_SIZE,
  decodeArgumentBlock,
  enterRtas,
  type GuestMemory,
  type MemoryRange,
  type Rtas,
  workAreaOf,
} from '../papr/index.ts';
import type { GdbClient } from './gdb/index.ts';
import { fetchMemory } from './guest-memory.ts';
import { answered, called, mailboxOf } from './rtas-stub.ts';

/** The functions of a firmware whose calls are left to QEMU: they say what the machine is like, and that does not change. */
const leftToQemu: ReadonlySet<string> = new Set(['ibm,get-system-parameter']);

/** The tokens of the functions that the firmware answers. */
export function tokensAtDoor({ tokens }: Pick<Rtas, 'tokens'>): number[] {
  return Array.from(tokens).flatMap(([name, token]) => (leftToQemu.has(name) ? [] : [token]));
}

/** A call that was answered and has yet to return. */
export interface AnsweredCall {
  readonly name: string;
  readonly status: number | undefined;
}

/** Answers the calls that wait in the stub at the RTAS entry (`rtas-stub.ts`), while the guest stands still. */
export class RtasDoor {
  readonly #rtas: Rtas;
  readonly #names: ReadonlyMap<number, string>;
  readonly #mailbox: MemoryRange;
  /** What the call before needed; the next will most likely need the same, and it takes one turn to fetch it all. */
  #ranges: readonly MemoryRange[];

  constructor(rtasEntry: number, rtas: Rtas) {
    this.#rtas = rtas;
    this.#names = new Map(Array.from(rtas.tokens, ([name, token]) => [token, name]));
    this.#mailbox = { address: mailboxOf(rtasEntry), length: 8 };
    this.#ranges = [this.#mailbox];
  }

  /** @returns `undefined` when no call waits */
  async answer(gdb: GdbClient): Promise<AnsweredCall | undefined> {
    for (;;) {
      const { memory, changes } = await fetchMemory(gdb, this.#ranges);
      const waiting = this.#waiting(memory);
      if (waiting === undefined) return undefined;
      const fetched = waiting.ranges.every((range) => this.#ranges.some((other) => same(range, other)));
      this.#ranges = waiting.ranges;
      if (!fetched || waiting.name === undefined) continue;
      const { rets } = enterRtas(this.#rtas, memory, waiting.block);
      const written = changes().map(({ address, bytes }) => gdb.writeMemory(BigInt(address), bytes, true));
      await Promise.all(written);
      return { name: waiting.name, status: rets[0] };
    }
  }

  /** Lets the call that was answered return when the guest goes on. */
  async release(gdb: GdbClient): Promise<void> {
    await gdb.writeMemory(BigInt(this.#mailbox.address + 4), Buffer.from([0, 0, 0, answered]), true);
  }

  /** The call as far as it was fetched, and what it needs. */
  #waiting(memory: GuestMemory) {
    const mail = Buffer.from(memory.read(this.#mailbox.address, this.#mailbox.length));
    if (mail.readUInt32BE(4) !== called) return undefined;
    const block = mail.readUInt32BE(0);
    const ranges = [this.#mailbox, { address: block, length: ARGUMENT_BLOCK_SIZE }];
    if (!this.#ranges.some((range) => range.address === block)) return { block, ranges, name: undefined };
    const { token, args } = decodeArgumentBlock(memory.read(block, ARGUMENT_BLOCK_SIZE));
    const name = this.#names.get(token) ?? '';
    const area = workAreaOf(name, args);
    return { block, name, ranges: area ? [...ranges, area] : ranges };
  }
}

const same = (one: MemoryRange, other: MemoryRange) =>
  one.address === other.address && one.length === other.length;
