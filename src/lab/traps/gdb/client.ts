import type { Duplex } from 'node:stream';
import { EnvironmentError } from '../../../base/index.ts';
import { encodePacket, PacketReader } from './packet.ts';
import { decodeRegisters, encodeWord, type Registers } from './registers.ts';

/** Why the guest has stopped. */
export interface Stop {
  /** 5 (SIGTRAP): breakpoint or step. 2 (SIGINT): `interrupt`, or QMP's `stop`. Others: see QEMU's gdbstub. */
  readonly signal: number;
  /** The thread (virtual CPU) that stopped, in the form of `vCont`. */
  readonly thread: string;
}

/** The guest has no memory at an address. */
export class GuestMemoryError extends EnvironmentError {}

/** Bytes of memory in one packet. QEMU's stub limits packets to 4096 characters, two per byte. */
const CHUNK_SIZE = 2000;

interface PendingRequest {
  readonly done: (reply: string) => void;
  readonly failed: (error: Error) => void;
}

/**
 * A client of QEMU's gdb stub.
 *
 * Requests need not wait for earlier ones: replies arrive in order. While the guest runs (`resume`, `step`) only `interrupt` is
 * permitted, because the stub treats any input as a request to stop. Registers are those of the CPU that stopped.
 *
 * Every method throws EnvironmentError when the connection ends or the stub refuses a request.
 */
export class GdbClient {
  readonly #socket: Duplex;
  readonly #reader = new PacketReader();
  readonly #replies: PendingRequest[] = [];
  #ended: EnvironmentError | undefined;
  #physical = false;

  private constructor(socket: Duplex) {
    this.#socket = socket;
    socket.on('data', (bytes: Buffer) => this.#receive(bytes));
    socket.on('error', (error) => this.#end(error.message));
    socket.on('close', () => this.#end('connection closed'));
  }

  /** @param socket connected to the stub of a paused guest */
  static async open(socket: Duplex): Promise<GdbClient> {
    const client = new GdbClient(socket);
    await client.#request('qSupported:xmlRegisters=powerpc');
    // The stub accepts writes of single registers only after the client has read the description of the target.
    await client.#request('qXfer:features:read:target.xml:0,ffb');
    return client;
  }

  /** Registers of the CPU that stopped. */
  async registers(): Promise<Registers> {
    return decodeRegisters(Buffer.from(await this.#request('g'), 'hex'));
  }

  /** Writes a register of the CPU that stopped. @param number see `registerNumbers` */
  async writeRegister(number: number, value: bigint, littleEndian: boolean): Promise<void> {
    const hex = encodeWord(value, littleEndian).toString('hex');
    expectOk(await this.#request(`P${number.toString(16)}=${hex}`));
  }

  /**
   * Reads `length` bytes. Unless `physical`, the address is translated by the MMU state of the CPU that stopped.
   * @throws GuestMemoryError when the guest has no memory there
   */
  async readMemory(address: bigint, length: number, physical = false): Promise<Buffer> {
    this.#usePhysical(physical);
    const parts: Promise<string>[] = [];
    for (let at = 0; at < length; at += CHUNK_SIZE) {
      const size = Math.min(CHUNK_SIZE, length - at);
      parts.push(this.#request(`m${(address + BigInt(at)).toString(16)},${size.toString(16)}`));
    }
    const replies = await Promise.all(parts);
    if (replies.some(isError))
      throw new GuestMemoryError(`the guest has no memory at 0x${address.toString(16)}, ${length} bytes`);
    return Buffer.from(replies.join(''), 'hex');
  }

  /** Writes memory; address and errors as in `readMemory`. */
  async writeMemory(address: bigint, bytes: Uint8Array, physical = false): Promise<void> {
    this.#usePhysical(physical);
    const parts: Promise<string>[] = [];
    for (let at = 0; at < bytes.length; at += CHUNK_SIZE) {
      const part = bytes.subarray(at, at + CHUNK_SIZE);
      const hex = Buffer.from(part).toString('hex');
      parts.push(this.#request(`M${(address + BigInt(at)).toString(16)},${part.length.toString(16)}:${hex}`));
    }
    const replies = await Promise.all(parts);
    if (replies.some(isError))
      throw new GuestMemoryError(
        `the guest has no memory at 0x${address.toString(16)}, ${bytes.length} bytes`,
      );
  }

  /** Sets a software breakpoint at a virtual address, on all CPUs. */
  async setBreakpoint(address: bigint): Promise<void> {
    expectOk(await this.#request(`Z0,${address.toString(16)},4`));
  }

  /** Clears a breakpoint. */
  async clearBreakpoint(address: bigint): Promise<void> {
    expectOk(await this.#request(`z0,${address.toString(16)},4`));
  }

  /** Runs all CPUs. Resolves when one of them has stopped. */
  resume(): Promise<Stop> {
    return this.#run('vCont;c');
  }

  /** Executes one instruction on one CPU; the others do not run. */
  step(thread: string): Promise<Stop> {
    return this.#run(`vCont;s:${thread}`);
  }

  /** Requests that a running guest stops; the promise of `resume` then resolves. */
  interrupt(): void {
    this.#socket.write(Buffer.from([3]));
  }

  /** Ends the connection. Pending requests are rejected. */
  close(): void {
    this.#end('closed');
    this.#socket.destroy();
  }

  #usePhysical(physical: boolean): void {
    if (physical === this.#physical) return;
    this.#physical = physical;
    this.#request(`Qqemu.PhyMemMode:${physical ? 1 : 0}`).catch(() => {}); // the request that follows fails as well
  }

  async #run(payload: string): Promise<Stop> {
    const reply = await this.#request(payload);
    const match = /^T([0-9a-f]{2})(?:.*?thread:([^;]+);)?/.exec(reply);
    if (!match) throw new EnvironmentError(`the guest's machine has ended (gdb stub: ${reply})`);
    return { signal: Number.parseInt(match[1] ?? '', 16), thread: match[2] ?? '' };
  }

  #request(payload: string): Promise<string> {
    if (this.#ended) return Promise.reject(this.#ended);
    return new Promise((done, failed) => {
      this.#replies.push({ done, failed });
      this.#socket.write(encodePacket(payload));
    });
  }

  #receive(bytes: Buffer): void {
    try {
      for (const payload of this.#reader.push(bytes)) this.#replies.shift()?.done(payload);
    } catch (error) {
      this.#end((error as Error).message);
    }
  }

  #end(reason: string): void {
    this.#ended ??= new EnvironmentError(`gdb stub: ${reason}`);
    for (const { failed } of this.#replies.splice(0)) failed(this.#ended);
  }
}

const isError = (reply: string) => /^E[0-9a-f]{2}$/i.test(reply);

function expectOk(reply: string): void {
  if (reply !== 'OK') throw new EnvironmentError(`gdb stub: expected OK, got ${reply || 'nothing'}`);
}
