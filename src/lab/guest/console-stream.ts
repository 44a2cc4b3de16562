import { Duplex } from 'node:stream';

/** A console of the guest. It remains the same stream while the guest moves to another QEMU. */
export class ConsoleStream extends Duplex {
  #socket: Duplex | undefined;

  constructor() {
    super({ allowHalfOpen: false });
  }

  /** Connects this stream to `socket`, in both directions, in place of the previous socket. */
  attach(socket: Duplex): void {
    this.#socket?.removeAllListeners('data');
    this.#socket = socket;
    socket.on('data', (bytes: Buffer) => this.push(bytes));
  }

  override _read(): void {}

  override _write(bytes: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    if (this.#socket && !this.#socket.destroyed) this.#socket.write(bytes, () => done());
    else done(new Error('the console of the guest is closed'));
  }
}
