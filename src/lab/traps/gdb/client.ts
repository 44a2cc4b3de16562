import type { Duplex } from 'node:stream';
import { EnvironmentError } from '../../../base/index.ts';
import { encodePacket, PacketReader } from './packet.ts';
import { decodeRegisters, encodeWord, type Registers } from './registers.ts';

/** Why the guest stands still. */
export interface Stop {
  /** 5 (SIGTRAP): breakpoint or step; 2 (SIGINT): asked to by `interrupt` or by QMP; others: QEMU's own reasons. */
  readonly signal: number;
  /** The thread (virtual CPU) that stopped, as `vCont` takes it. */
  readonly thread: string;
}

/** The address is no memory of the guest's. */
export class GuestMemoryError extends EnvironmentError {}

/** QEMU's stub takes and gives packets of up to 4096 characters, two to a byte. */
const CHUNK_SIZE = 2000;

interface PendingRequest {
  readonly done: (reply: string) => void;
  readonly failed: (error: Error) => void;
}

/**
 * A client of QEMU's gdb stub.
 *
 * Requests may be made without waiting for the one before, replies come in order; but while the guest runs (`resume`,
 * `step`) none may be made except `interrupt`, because the stub takes whatever it receives then for a wish to stop.
 * Registers are those of the CPU that stopped.
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

  /** @param socket connected to the stub of a guest that stands still */
  static async open(socket: Duplex): Promise<GdbClient> {
    const client = new GdbClient(socket);
    await client.#request('qSupported:xmlRegisters=powerpc');
    // Writing a single register needs this to have been read: only then the stub knows that we know their layout.
    await client.#request('qXfer:features:read:target.xml:0,ffb');
    return client;
  }

  async registers(): Promise<Registers> {
    return decodeRegisters(Buffer.from(await this.#request('g'), 'hex'));
  }

  /** @param number see `registerNumbers` */
  async writeRegister(number: number, value: bigint, littleEndian: boolean): Promise<void> {
    const hex = encodeWord(value, littleEndian).toString('hex');
    expectOk(await this.#request(`P${number.toString(16)}=${hex}`));
  }

  /**
   * Addresses are translated as the stopped CPU would, unless `physical`.
   * @throws GuestMemoryError
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
      throw new GuestMemoryError(`no guest memory at 0x${address.toString(16)}, ${length} bytes`);
    return Buffer.from(replies.join(''), 'hex');
  }

  /** Like `readMemory`. */
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
      throw new GuestMemoryError(`no guest memory at 0x${address.toString(16)}, ${bytes.length} bytes`);
  }

  async setBreakpoint(address: bigint): Promise<void> {
    expectOk(await this.#request(`Z0,${address.toString(16)},4`));
  }

  async clearBreakpoint(address: bigint): Promise<void> {
    expectOk(await this.#request(`z0,${address.toString(16)},4`));
  }

  /** Lets all CPUs run. @returns when one of them has stopped */
  resume(): Promise<Stop> {
    return this.#run('vCont;c');
  }

  /** One instruction on one CPU, while the others stand still. */
  step(thread: string): Promise<Stop> {
    return this.#run(`vCont;s:${thread}`);
  }

  /** Asks a running guest to stop; the promise of `resume` tells when it has. */
  interrupt(): void {
    this.#socket.write(Buffer.from([3]));
  }

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
    if (!match) throw new EnvironmentError(`the guest's machine ended (gdb: ${reply})`);
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
