import { Duplex } from 'node:stream';

/** A console of the guest that stays the same stream while the guest moves from one QEMU to another. */
export class ConsoleStream extends Duplex {
  #socket: Duplex | undefined;

  constructor() {
    super({ allowHalfOpen: false });
  }

  /** What comes from `socket` is read here, what is written here goes there; the socket before is let go. */
  attach(socket: Duplex): void {
    this.#socket?.removeAllListeners('data');
    this.#socket = socket;
    socket.on('data', (bytes: Buffer) => this.push(bytes));
  }

  override _read(): void {}

  override _write(bytes: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    if (this.#socket && !this.#socket.destroyed) this.#socket.write(bytes, () => done());
    else done(new Error('the guest has no such console now'));
  }
}
