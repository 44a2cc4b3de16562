import { createReadStream } from 'node:fs';
import { InputError } from '../../base/index.ts';
import type { Chunks } from './decompress.ts';

/** The start of some bytes, to see what they are, and all of them, the start included. */
export interface Source {
  readonly head: Uint8Array;
  readonly chunks: Chunks;
}

/** Bytes needed to tell what an input is: a tar archive says so in its first block. */
const HEAD_BYTES = 512;

/** A file, or standard input for `-`, whose first bytes have been looked at. */
export async function openSource(path: string): Promise<Source> {
  const stream = path === '-' ? process.stdin : createReadStream(path);
  const rest = (stream as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
  const next = async () => {
    try {
      return await rest.next();
    } catch (error) {
      throw new InputError(`cannot read: ${(error as NodeJS.ErrnoException).code ?? String(error)}`, {
        file: path,
      });
    }
  };
  const first: Buffer[] = [];
  let length = 0;
  let ended = false;
  while (!ended && length < HEAD_BYTES) {
    const { done, value } = await next();
    if (done) ended = true;
    else {
      first.push(value);
      length += value.length;
    }
  }
  async function* chunks() {
    try {
      yield* first;
      while (!ended) {
        const { done, value } = await next();
        if (done) return;
        yield value;
      }
    } finally {
      stream.destroy();
    }
  }
  return { head: Buffer.concat(first).subarray(0, HEAD_BYTES), chunks: chunks() };
}

/** All bytes of a source. */
export async function readWhole({ chunks }: Source): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return new Uint8Array(Buffer.concat(parts));
}
