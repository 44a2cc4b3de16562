import { createReadStream } from 'node:fs';
import { InputError } from '../../base/index.ts';
import type { Chunks } from './decompress.ts';

/** The first bytes of an input, and all bytes, the first ones included. */
export interface Source {
  readonly head: Uint8Array;
  readonly chunks: Chunks;
}

/** Bytes that show what an input is: the header of an archive, or the comment before a source. */
const HEAD_BYTES = 64 << 10;

/** Opens a file, or standard input for `-`, and reads its first bytes. */
export async function openSource(path: string): Promise<Source> {
  const stream = path === '-' ? process.stdin : createReadStream(path, { highWaterMark: 1 << 20 });
  const chunks = (async function* () {
    try {
      for await (const chunk of stream as AsyncIterable<Buffer>) yield chunk;
    } catch (error) {
      throw new InputError(`cannot read: ${(error as NodeJS.ErrnoException).code ?? String(error)}`, {
        file: path,
      });
    } finally {
      stream.destroy();
    }
  })();
  return peek(chunks);
}

/** Reads the first bytes of chunks. An error after some bytes is thrown where the chunks are read. */
export async function peek(chunks: AsyncIterable<Uint8Array>): Promise<Source> {
  const rest = chunks[Symbol.asyncIterator]();
  const first: Uint8Array[] = [];
  let length = 0;
  let ended = false;
  let failure: unknown;
  while (!ended && length < HEAD_BYTES) {
    try {
      const { done, value } = await rest.next();
      if (done) ended = true;
      else {
        first.push(value);
        length += value.length;
      }
    } catch (error) {
      if (length === 0) throw error;
      failure = error;
      ended = true;
    }
  }
  const head = Buffer.concat(first).subarray(0, HEAD_BYTES);
  async function* all() {
    try {
      yield* first.splice(0);
      if (failure !== undefined) throw failure;
      while (!ended) {
        const { done, value } = await rest.next();
        if (done) return;
        yield value;
      }
    } finally {
      await rest.return?.();
    }
  }
  return { head, chunks: all() };
}

/** All bytes of a source. */
export async function readWhole({ chunks }: Source): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return new Uint8Array(Buffer.concat(parts));
}
