import { Duplex } from 'node:stream';
import { encodePacket, PacketReader } from '../../../../src/lab/traps/gdb/packet.ts';

/**
 * A simulated guest with QEMU's gdb stub: registers, memory from address 0, breakpoints. The test defines what the guest does
 * when it runs.
 */
export class FakeGuest {
  readonly r: bigint[] = new Array<bigint>(32).fill(0n);
  pc = 0n;
  lr = 0n;
  littleEndian = false;
  /** At physical address 0, and at the start of the kernel's linear mapping. */
  readonly memory = Buffer.alloc(0x10000);
  /** Words of devices, by physical address. Stores have no effect. */
  readonly devices = new Map<bigint, bigint>();
  readonly breakpoints = new Set<bigint>();
  /** Every request in order, and `^C`; without the requests of `GdbClient.open`. */
  readonly requests: string[] = [];
  /** The instruction at the pc for each single step, as hex digits. */
  readonly stepped: string[] = [];
  /** Called when all CPUs are resumed. It may change the state above, and calls `stop`. */
  onResume: () => void = () => {};
  /** The client's end of the connection. */
  readonly stream: Duplex;
  readonly #reader = new PacketReader();
  #running = false;

  constructor() {
    const guest = this;
    this.stream = new Duplex({
      read() {},
      write(bytes: Buffer, _encoding, done) {
        guest.#receive(bytes);
        done();
      },
    });
  }

  /** A CPU stops: at a breakpoint or after a step (5), or on request (2). */
  stop(signal: 2 | 5, thread = '01'): void {
    this.#running = false;
    this.#reply(`T0${signal}thread:${thread};`);
  }

  #receive(bytes: Buffer): void {
    if (bytes.equals(Buffer.from([3]))) {
      this.requests.push('^C');
      if (this.#running) this.stop(2);
      return;
    }
    for (const request of this.#reader.push(bytes)) {
      const answer = this.#answer(request);
      if (answer !== undefined) this.#reply(answer);
    }
  }

  /** @returns `undefined` while the guest runs */
  #answer(request: string): string | undefined {
    const [, kind = '', rest = ''] = /^(q[A-Za-z]+|Q[a-z]+|vCont|[a-zA-Z])(.*)$/s.exec(request) ?? [];
    if (!kind.startsWith('q')) this.requests.push(request);
    switch (kind) {
      case 'qSupported':
        return 'PacketSize=1000;qXfer:features:read+';
      case 'qXfer':
        return 'l<target/>';
      case 'g':
        return this.#registers();
      case 'P': {
        const [number = '', hex = ''] = rest.split('=');
        this.#setRegister(Number.parseInt(number, 16), this.#word(hex));
        return 'OK';
      }
      case 'm': {
        const [where = '', size = ''] = rest.split(',');
        const word = this.devices.get(BigInt(`0x${where}`));
        if (word !== undefined) return word.toString(16).padStart(16, '0');
        const [address, length] = [physical(where), Number.parseInt(size, 16)];
        if (address + length > this.memory.length) return 'E14';
        return this.memory.toString('hex', address, address + length);
      }
      case 'M': {
        const [where = '', , hex = ''] = rest.split(/[,:]/);
        if (this.devices.has(BigInt(`0x${where}`))) return 'OK';
        const address = physical(where);
        if (address + hex.length / 2 > this.memory.length) return 'E14';
        this.memory.write(hex, address, 'hex');
        return 'OK';
      }
      case 'Z':
        this.breakpoints.add(BigInt(`0x${rest.split(',')[1]}`));
        return 'OK';
      case 'z':
        this.breakpoints.delete(BigInt(`0x${rest.split(',')[1]}`));
        return 'OK';
      case 'vCont':
        if (rest.startsWith(';s')) {
          const at = physical(this.pc.toString(16));
          this.stepped.push(this.memory.toString('hex', at, at + 4));
          this.pc += 4n;
          return `T05thread:${rest.slice(3)};`;
        }
        this.#running = true;
        this.onResume();
        return undefined;
      default:
        return 'OK';
    }
  }

  #reply(payload: string): void {
    this.stream.push(Buffer.concat([Buffer.from('+'), encodePacket(payload)]));
  }

  #registers(): string {
    const msr = this.littleEndian ? 0x8000_0000_0000_0001n : 0n;
    const words = [...this.r, this.pc, msr].map((value) => this.#hex(value));
    return `${words.join('')}00000000${this.#hex(this.lr)}${this.#hex(0n)}00000000`;
  }

  #setRegister(number: number, value: bigint): void {
    if (number < 32) this.r[number] = value;
    else if (number === 64) this.pc = value;
    else if (number === 67) this.lr = value;
  }

  #hex(value: bigint): string {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64BE(BigInt.asUintN(64, value));
    return (this.littleEndian ? bytes.reverse() : bytes).toString('hex');
  }

  #word(hex: string): bigint {
    const bytes = Buffer.from(hex, 'hex');
    return (this.littleEndian ? bytes.reverse() : bytes).readBigUInt64BE();
  }
}

const physical = (hex: string) => Number(BigInt(`0x${hex}`) & 0x0fff_ffff_ffff_ffffn);
