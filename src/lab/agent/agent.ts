import { randomBytes, randomInt } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { EnvironmentError } from '../../base/index.ts';
import type { Client, ClientOutcome, FileResult } from '../../partition/index.ts';
import { errnoName, errorLines } from './errno.ts';
import { parseFiles } from './files.ts';
import { parseObservation, type RawObservation } from './observation.ts';
import { encodeRequest, type Message, MessageReader } from './protocol.ts';
import { printfFormat, quote } from './shell-quote.ts';

/** The guest did not answer in time: it hangs, or it is dead. That says something about the guest, not about the lab. */
export class AgentTimeout extends EnvironmentError {
  constructor(what: string, milliseconds: number) {
    super(`the guest gave no answer to "${what}" within ${milliseconds} ms`);
  }
}

export interface CommandResult {
  /** Exit status as the shell has it. */
  readonly status: number;
  /** Standard output and error, as they came. */
  readonly output: Buffer;
}

/** A client that was started in the guest. */
export interface ClientHandle {
  readonly client: Client;
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
 * The guest's agent as the host sees it.
 *
 * Requests are carried out one after another, calls made meanwhile wait for their turn; a client that was started runs
 * beside them. Works on any connection to an agent that has started, such as one in a guest that was just restored.
 */
export class Agent {
  readonly #stream: Duplex;
  readonly #reader = new MessageReader();
  // The agent carries out nothing twice that bears the same number, so a number must not be that of an earlier connection.
  #sequence = randomInt(1, 2 ** 31);
  #clients = this.#sequence;
  #waiting: PendingRequest | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  #gone: EnvironmentError | undefined;

  constructor(stream: Duplex) {
    this.#stream = stream;
    stream.on('data', (chunk: Buffer) => {
      for (const message of this.#reader.push(chunk)) this.#take(message);
    });
    stream.on('error', (error) => this.#lose(new EnvironmentError(`the guest's agent: ${error.message}`)));
    stream.on('close', () => this.#lose(new EnvironmentError("the guest's agent: connection closed")));
  }

  /** Waits until the agent answers, from the guest's start if need be. @throws AgentTimeout */
  async ready(timeout = 120_000): Promise<void> {
    await this.#ask('ready', 'are you there', timeout);
  }

  /**
   * Files one after another: all of a regular file; of a device or pipe, what one read(2) of at most 4096 bytes gives.
   * One process reads them, until the kernel kills it; then another goes on with the next.
   */
  async read(paths: readonly string[], timeout = DEFAULT_TIMEOUT): Promise<FileResult<Uint8Array>[]> {
    const results: FileResult<Uint8Array>[] = [];
    while (results.length < paths.length) {
      const rest = paths.slice(results.length);
      const mark = randomBytes(8).toString('hex');
      const words = rest.map((path) => `${quote(path)} "$mark"`);
      const what = `read ${rest[0]}${rest.length > 1 ? ` and ${rest.length - 1} more` : ''}`;
      const { bytes } = await this.#ask(`read ${mark} ${words.join(' ')}`, what, timeout);
      results.push(...parseFiles(bytes, mark, rest.length));
    }
    return results;
  }

  /** One write(2) of all the bytes. A file that is longer keeps its rest. */
  async write(path: string, bytes: Uint8Array, timeout = DEFAULT_TIMEOUT): Promise<FileResult<number>> {
    const what = `write ${quote(path)} ${block(bytes)}`;
    const answer = await this.#ask(what, `write ${path}`, timeout);
    return answer.status === 0 ? { ok: true, value: bytes.length } : failure(answer.bytes);
  }

  /** Runs a piece of shell script. */
  async run(command: string, timeout = DEFAULT_TIMEOUT): Promise<CommandResult> {
    const { bytes } = await this.#ask(`run ${quote(command)}`, command, timeout);
    const end = bytes.lastIndexOf(0x1e);
    return { status: Number(bytes.toString('latin1', end + 1)), output: bytes.subarray(0, Math.max(0, end)) };
  }

  /** Looks at the guest: tree, devices, log, in one round trip. */
  async observeRaw(timeout = DEFAULT_TIMEOUT): Promise<RawObservation> {
    return parseObservation((await this.#ask('observe', 'observe', timeout)).bytes);
  }

  /** Starts a client in the background; it runs on while other requests are answered. */
  async startClient(client: Client): Promise<ClientHandle> {
    const id = this.#clients++;
    const { path, times, write } = client;
    const bytes = write === undefined ? '' : ` ${block(write)}`;
    await this.#ask(`start ${id} ${times} ${quote(path)}${bytes}`, `start: ${client.name}`, DEFAULT_TIMEOUT);
    return { client, id };
  }

  /** Waits for a client's end. */
  async waitClient({ client, id }: ClientHandle, timeout = DEFAULT_TIMEOUT): Promise<ClientOutcome> {
    const { bytes } = await this.#ask(`wait ${id}`, `wait: ${client.name}`, timeout);
    const [count = '', ...lines] = bytes.toString('utf8').split('\n');
    const succeeded = /^\d+$/.test(count) ? Number(count) : 0;
    const failed: Record<string, number> = {};
    for (const line of errorLines(lines.join('\n'))) {
      const name = errnoName(line);
      failed[name] = (failed[name] ?? 0) + 1;
    }
    const named = Object.values(failed).reduce((sum, some) => sum + some, 0);
    // A process that the kernel killed, as it does with one that ran into an oops, complains of nothing.
    if (succeeded + named < client.times) failed['killed'] = client.times - succeeded - named;
    return { name: client.name, succeeded, failed };
  }

  /** Lets go of the stream; calls that wait are rejected. */
  close(): void {
    this.#lose(new EnvironmentError("the guest's agent: closed"));
    this.#stream.destroy();
  }

  #ask(text: string, what: string, timeout: number): Promise<Answer> {
    const turn = this.#turn.then(() => this.#exchange(text, what, timeout));
    this.#turn = turn.catch(() => {});
    return turn;
  }

  #exchange(text: string, what: string, timeout: number): Promise<Answer> {
    return new Promise((resolve, reject) => {
      if (this.#gone) return reject(this.#gone);
      const sequence = this.#sequence++;
      const settle = () => {
        clearTimeout(timer);
        this.#waiting = undefined;
      };
      const timer = setTimeout(() => {
        settle();
        reject(new AgentTimeout(what, timeout));
      }, timeout);
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

  /** Repeating is harmless: the agent carries a request out once, whatever number of times it hears it. */
  #send(waiting: PendingRequest): void {
    if (waiting.tries++ < MAX_TRIES) this.#stream.write(waiting.bytes);
    else waiting.failed(new EnvironmentError(`the guest's agent was not understood ${MAX_TRIES} times`));
  }

  #take(message: Message): void {
    const waiting = this.#waiting;
    // What is left over from an earlier connection, or comes after its time ran out, is not for us.
    if (!waiting || ('sequence' in message && message.sequence !== waiting.sequence)) return;
    if (message.kind === 'answer') waiting.done(message);
    else this.#send(waiting);
  }

  #lose(error: EnvironmentError): void {
    this.#gone ??= error;
    this.#waiting?.failed(this.#gone);
  }
}

/** Bytes, and the size of the block in which dd writes them: all of them, but dd knows no block of none. */
function block(bytes: Uint8Array): string {
  return `${printfFormat(bytes)} ${Math.max(1, bytes.length)}`;
}

function failure(complaint: Buffer): { ok: false; errno: string } {
  const line = errorLines(complaint.toString('utf8')).at(-1) ?? complaint.toString('utf8').trim();
  return { ok: false, errno: errnoName(line) };
}
