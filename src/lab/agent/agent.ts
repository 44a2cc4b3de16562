import { randomBytes, randomInt } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { EnvironmentError } from '../../base/index.ts';
import type { Client, ClientOutcome, FileResult } from '../../partition/index.ts';
import { TimeLimit } from '../setup/time-limit.ts';
import { errnoName, errorLines } from './errno.ts';
import { parseFiles } from './files.ts';
import { parseObservation, type RawObservation } from './observation.ts';
import { encodeRequest, type Message, MessageReader } from './protocol.ts';
import { printfFormat, quote } from './shell-quote.ts';

/** The guest did not answer in time: it hangs or is dead. */
export class AgentTimeout extends EnvironmentError {
  constructor(what: string, milliseconds: number) {
    super(`the guest did not answer "${what}" within ${milliseconds} ms`);
  }
}

/** Result of a shell command in the guest. */
export interface CommandResult {
  /** The shell's exit status. */
  readonly status: number;
  /** Standard output and standard error, in the order of writing. */
  readonly output: Buffer;
}

/** A client that runs in the guest. */
export interface ClientHandle {
  readonly client: Client;
  /** The agent's number for it. */
  readonly id: number;
}

type Answer = Extract<Message, { kind: 'answer' }>;

interface PendingRequest {
  readonly sequence: number;
  readonly bytes: Buffer;
  tries: number;
  readonly done: (answer: Answer) => void;
  readonly failed: (error: Error) => void;
}

/** How long an answer may take, ms; an emulated guest on a loaded machine is slow. */
const DEFAULT_TIMEOUT = 30_000;
const MAX_TRIES = 4;

/**
 * The host's side of the guest's agent (`script.ts`).
 *
 * Requests are processed one after another; later calls are queued. Clients run in the background. It works with any agent that
 * has started, for instance in a guest that was just restored.
 *
 * Every method throws AgentTimeout after `timeout` milliseconds without an answer (on a loaded host later, see `TimeLimit`), and
 * EnvironmentError when the connection ends.
 */
export class Agent {
  readonly #stream: Duplex;
  readonly #reader = new MessageReader();
  // The agent does not process a number twice, so it must differ from those of earlier connections.
  #sequence = randomInt(1, 2 ** 31);
  #clients = this.#sequence;
  #waiting: PendingRequest | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  #ended: EnvironmentError | undefined;

  constructor(stream: Duplex) {
    this.#stream = stream;
    stream.on('data', (chunk: Buffer) => {
      for (const message of this.#reader.push(chunk)) this.#receive(message);
    });
    stream.on('error', (error) => this.#end(new EnvironmentError(`the guest's agent: ${error.message}`)));
    stream.on('close', () => this.#end(new EnvironmentError("the guest's agent: connection closed")));
  }

  /** Waits until the agent answers; the guest may still be booting. */
  async ready(timeout = 120_000): Promise<void> {
    await this.#request('ready', 'ready', timeout);
  }

  /**
   * Reads files one after another: a regular file completely, of a device or pipe one read(2) of at most 4096 bytes. One process
   * reads them. If the kernel kills it, another one continues with the next file.
   * @returns one result per path, in the same order
   */
  async read(paths: readonly string[], timeout = DEFAULT_TIMEOUT): Promise<FileResult<Uint8Array>[]> {
    const results: FileResult<Uint8Array>[] = [];
    while (results.length < paths.length) {
      const rest = paths.slice(results.length);
      const mark = randomBytes(8).toString('hex');
      const words = rest.map((path) => `${quote(path)} "$mark"`);
      const what = `read ${rest[0]}${rest.length > 1 ? ` and ${rest.length - 1} more` : ''}`;
      const { bytes } = await this.#request(`read ${mark} ${words.join(' ')}`, what, timeout);
      results.push(...parseFiles(bytes, mark, rest.length));
    }
    return results;
  }

  /** Writes all bytes with one write(2). A longer file is not truncated. */
  async write(path: string, bytes: Uint8Array, timeout = DEFAULT_TIMEOUT): Promise<FileResult<number>> {
    const what = `write ${quote(path)} ${block(bytes)}`;
    const answer = await this.#request(what, `write ${path}`, timeout);
    return answer.status === 0 ? { ok: true, value: bytes.length } : failure(answer.bytes);
  }

  /** Runs a shell command. */
  async run(command: string, timeout = DEFAULT_TIMEOUT): Promise<CommandResult> {
    const { bytes } = await this.#request(`run ${quote(command)}`, command, timeout);
    const end = bytes.lastIndexOf(0x1e);
    return { status: Number(bytes.toString('latin1', end + 1)), output: bytes.subarray(0, Math.max(0, end)) };
  }

  /** Reads tree, devices and kernel log in one round trip. */
  async observeRaw(timeout = DEFAULT_TIMEOUT): Promise<RawObservation> {
    return parseObservation((await this.#request('observe', 'observe', timeout)).bytes);
  }

  /** Starts a client in the background. It runs while other requests are processed. */
  async startClient(client: Client): Promise<ClientHandle> {
    const id = this.#clients++;
    const { path, times, write } = client;
    const bytes = write === undefined ? '' : ` ${block(write)}`;
    await this.#request(
      `start ${id} ${times} ${quote(path)}${bytes}`,
      `start: ${client.name}`,
      DEFAULT_TIMEOUT,
    );
    return { client, id };
  }

  /** Waits for a client's end. */
  async waitClient({ client, id }: ClientHandle, timeout = DEFAULT_TIMEOUT): Promise<ClientOutcome> {
    const { bytes } = await this.#request(`wait ${id}`, `wait: ${client.name}`, timeout);
    const [count = '', ...lines] = bytes.toString('utf8').split('\n');
    const succeeded = /^\d+$/.test(count) ? Number(count) : 0;
    const failed: Record<string, number> = {};
    for (const line of errorLines(lines.join('\n'))) {
      const name = errnoName(line);
      failed[name] = (failed[name] ?? 0) + 1;
    }
    const named = Object.values(failed).reduce((sum, some) => sum + some, 0);
    // A process that the kernel killed, for instance after an oops, prints no error.
    if (succeeded + named < client.times) failed['killed'] = client.times - succeeded - named;
    return { name: client.name, succeeded, failed };
  }

  /** Closes the stream. Pending calls are rejected. */
  close(): void {
    this.#end(new EnvironmentError("the guest's agent: closed"));
    this.#stream.destroy();
  }

  #request(text: string, what: string, timeout: number): Promise<Answer> {
    const turn = this.#turn.then(() => this.#exchange(text, what, timeout));
    this.#turn = turn.catch(() => {});
    return turn;
  }

  #exchange(text: string, what: string, timeout: number): Promise<Answer> {
    return new Promise((resolve, reject) => {
      if (this.#ended) return reject(this.#ended);
      const sequence = this.#sequence++;
      const settle = () => {
        limit.cancel();
        this.#waiting = undefined;
      };
      const limit = new TimeLimit(timeout, (elapsed) => {
        settle();
        reject(new AgentTimeout(what, Math.round(elapsed)));
      });
      this.#waiting = {
        sequence,
        bytes: encodeRequest(sequence, Buffer.from(text, 'latin1')),
        tries: 0,
        done(answer) {
          settle();
          resolve(answer);
        },
        failed(error) {
          settle();
          reject(error);
        },
      };
      this.#send(this.#waiting);
    });
  }

  /** Sends a request, again if need be: the agent processes a repeated request once. */
  #send(waiting: PendingRequest): void {
    if (waiting.tries++ < MAX_TRIES) this.#stream.write(waiting.bytes);
    else
      waiting.failed(
        new EnvironmentError(`the guest's agent: ${MAX_TRIES} requests or answers were garbled`),
      );
  }

  #receive(message: Message): void {
    const waiting = this.#waiting;
    // Ignore answers to an earlier connection, and answers that arrive after their timeout.
    if (!waiting || ('sequence' in message && message.sequence !== waiting.sequence)) return;
    if (message.kind === 'answer') waiting.done(message);
    else this.#send(waiting);
  }

  #end(error: EnvironmentError): void {
    this.#ended ??= error;
    this.#waiting?.failed(this.#ended);
  }
}

/** Arguments of an operation that writes: the bytes, and dd's block size, which must not be 0. */
function block(bytes: Uint8Array): string {
  return `${printfFormat(bytes)} ${Math.max(1, bytes.length)}`;
}

function failure(output: Buffer): { ok: false; errno: string } {
  const line = errorLines(output.toString('utf8')).at(-1) ?? output.toString('utf8').trim();
  return { ok: false, errno: errnoName(line) };
}
