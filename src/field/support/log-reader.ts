import { createHash } from 'node:crypto';
import { InputError } from '../../base/index.ts';
import { CutOff, decompress, packingOf } from '../archive/decompress.ts';
import { defaultLimits, tooLarge } from '../archive/limits.ts';
import { LineSieve } from './line-sieve.ts';

export interface ReadLog {
  /** The text, in parts that end with whole lines. */
  readonly parts: readonly string[];
  /** Whether only its end was read. */
  readonly cut: boolean;
  /** SHA-256 of the file, lower-case hex. */
  readonly sum: string;
  /** Why the text is not whole. */
  readonly problem?: string;
}

/** Reads one log file as its chunks come; a rotated log may be packed. */
export class LogReader {
  readonly #path: string;
  readonly #sieve = new LineSieve();
  readonly #hash = createHash('sha256');
  /** Bytes of a packed log; undefined for a text. */
  #packed: Buffer[] | undefined;
  #length = 0;

  constructor(path: string) {
    this.#path = path;
  }

  push(chunk: Uint8Array): void {
    this.#hash.update(chunk);
    if (this.#length === 0 && packingOf(chunk) !== undefined) this.#packed = [];
    this.#length += chunk.length;
    if (!this.#packed) this.#sieve.push(chunk);
    else if (this.#length > defaultLimits.fileBytes)
      throw tooLarge(`${this.#path} is of more than ${defaultLimits.fileBytes} bytes`, this.#path);
    else this.#packed.push(Buffer.from(chunk));
  }

  async end(): Promise<ReadLog> {
    const bytes = Buffer.concat(this.#packed ?? []);
    const packing = packingOf(bytes);
    const problem =
      packing && (await fill(this.#sieve, decompress(once(bytes), packing, defaultLimits, this.#path)));
    return {
      ...this.#sieve.end(),
      sum: this.#hash.digest('hex'),
      ...(problem !== undefined && { problem }),
    };
  }
}

/** Reads a log that is given by itself; packed bytes are unpacked already. */
export async function readLogText(chunks: AsyncIterable<Uint8Array>): Promise<Omit<ReadLog, 'sum'>> {
  const sieve = new LineSieve();
  const problem = await fill(sieve, chunks);
  return { ...sieve.end(), ...(problem !== undefined && { problem }) };
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** @returns why the log is not whole */
async function fill(sieve: LineSieve, chunks: AsyncIterable<Uint8Array>): Promise<string | undefined> {
  try {
    for await (const chunk of chunks) sieve.push(chunk);
    return undefined;
  } catch (error) {
    if (error instanceof CutOff) return 'the compressed log is truncated';
    if (error instanceof InputError) return error.message;
    throw error;
  }
}
