import type { Duplex } from 'node:stream';
import { EnvironmentError } from '../../base/index.ts';

/** An event that QEMU reports. */
export interface QmpEvent {
  /** Name: `STOP`, `RESUME`, `SHUTDOWN`, `GUEST_PANICKED`, `MIGRATION` and others. */
  readonly event: string;
  /** `status`: of `MIGRATION` only. */
  readonly data?: { readonly status?: string };
}

interface Message extends Partial<QmpEvent> {
  readonly return?: unknown;
  readonly error?: { readonly class: string; readonly desc: string };
}

interface PendingCommand {
  readonly command: string;
  readonly done: (value: unknown) => void;
  readonly failed: (error: Error) => void;
}

/**
 * A client of the QEMU Machine Protocol (QEMU, docs/interop/qmp-spec.txt): lines of JSON over a unix socket. QEMU answers commands
 * in order; events arrive in between.
 */
export class Qmp {
  readonly #socket: Duplex;
  readonly #waiting: PendingCommand[] = [];
  readonly #listeners = new Set<(event: QmpEvent) => void>();
  #rest = '';
  #ended: EnvironmentError | undefined;

  private constructor(socket: Duplex) {
    this.#socket = socket;
    socket.setEncoding('utf8');
    socket.on('data', (text: string) => this.#receive(text));
    socket.on('error', (error) => this.#end(error.message));
    socket.on('close', () => this.#end('connection closed'));
  }

  /** @param socket connected to QEMU's monitor. @throws EnvironmentError when the connection ends */
  static async open(socket: Duplex): Promise<Qmp> {
    const qmp = new Qmp(socket);
    await qmp.execute('qmp_capabilities');
    return qmp;
  }

  /** Runs a command. @returns its result. @throws EnvironmentError with QEMU's message when the command fails */
  execute(command: string, args?: Readonly<Record<string, unknown>>): Promise<unknown> {
    if (this.#ended) return Promise.reject(this.#ended);
    return new Promise((done, failed) => {
      this.#waiting.push({ command, done, failed });
      this.#socket.write(`${JSON.stringify({ execute: command, ...(args && { arguments: args }) })}\n`);
    });
  }

  /** @returns a function that removes the listener */
  onEvent(listener: (event: QmpEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Resolves with the next event that satisfies `test`; rejects when QEMU ends before. */
  until(test: (event: QmpEvent) => boolean): Promise<QmpEvent> {
    return new Promise((done, failed) => {
      const off = this.onEvent((event) => {
        if (!test(event)) return;
        off();
        this.#socket.off('close', gone);
        done(event);
      });
      const gone = () => {
        off();
        failed(this.#ended ?? new EnvironmentError('QMP: connection closed'));
      };
      if (this.#ended) gone();
      else this.#socket.once('close', gone);
    });
  }

  /** Ends the connection. Pending commands are rejected. */
  close(): void {
    this.#end('closed');
    this.#socket.destroy();
  }

  #receive(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line.trim() === '') continue;
      const message = JSON.parse(line) as Message;
      if (message.event !== undefined) {
        const { event, data } = message;
        for (const listener of this.#listeners) listener({ event, ...(data && { data }) });
      } else if (message.error) {
        const waiting = this.#waiting.shift();
        waiting?.failed(new EnvironmentError(`QMP ${waiting.command}: ${message.error.desc}`));
      } else if ('return' in message) this.#waiting.shift()?.done(message.return);
    }
  }

  #end(reason: string): void {
    this.#ended ??= new EnvironmentError(`QMP: ${reason}`);
    for (const { failed } of this.#waiting.splice(0)) failed(this.#ended);
  }
}
