import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { InputError } from '../../base/index.ts';
import { type Limits, tooLarge } from './limits.ts';

export type Chunks = AsyncIterable<Uint8Array>;

/** How an input is compressed, by its first bytes: `none` for a tar archive; undefined where it is neither. */
export type Packing = 'gzip' | 'xz' | 'bzip2' | 'none';

const signatures: readonly (readonly [Packing, number, readonly number[]])[] = [
  ['gzip', 0, [0x1f, 0x8b]],
  ['xz', 0, [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]],
  ['bzip2', 0, [0x42, 0x5a, 0x68]],
  ['none', 257, [0x75, 0x73, 0x74, 0x61, 0x72]],
];

export function packingOf(head: Uint8Array): Packing | undefined {
  return signatures.find(([, at, bytes]) => bytes.every((byte, index) => head[at + index] === byte))?.[0];
}

/** The input ends too early; what came before is whole. */
export class CutOff extends Error {}

/**
 * Unpacks chunk by chunk, within the limits.
 * @throws CutOff where the compressed bytes end too early
 * @throws InputError for bytes that are damaged, or that grow beyond the limits
 */
export async function* decompress(
  chunks: Chunks,
  packing: Packing,
  limits: Limits,
  file: string,
): AsyncGenerator<Buffer> {
  let packed = 0;
  let unpacked = 0;
  const counted = (async function* () {
    for await (const chunk of chunks) {
      packed += chunk.length;
      yield chunk;
    }
  })();
  for await (const chunk of unpackers[packing](counted, file)) {
    unpacked += chunk.length;
    if (unpacked > limits.unpackedBytes)
      throw tooLarge(`more than ${limits.unpackedBytes} bytes after decompression`, file);
    if (unpacked > 64 << 20 && unpacked > packed * limits.ratio)
      throw tooLarge(`${unpacked} bytes out of ${packed}: a decompression bomb`, file);
    yield Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  }
}

const unpackers: Readonly<Record<Packing, (chunks: Chunks, file: string) => Chunks>> = {
  none: (chunks) => chunks,
  gzip: gunzip,
  xz: unxz,
  bzip2: bunzip2,
};

async function* gunzip(chunks: Chunks, file: string): Chunks {
  const source = Readable.from(chunks);
  const gunzip = createGunzip({ chunkSize: 256 << 10 });
  source.on('error', (error) => gunzip.destroy(error));
  try {
    yield* source.pipe(gunzip) as Chunks;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'Z_BUF_ERROR') throw new CutOff();
    throw damaged(error, file);
  } finally {
    source.destroy();
  }
}

/** xz-embedded's codes (xz_ret in its xz.h): out of input, and a dictionary beyond its bound of 64 MiB. */
const [cutOff, memoryLimit] = [8, 4];

async function* unxz(chunks: Chunks, file: string): Chunks {
  // Loaded on demand: it carries a WebAssembly module.
  const { default: xz } = await import('xz-decompress');
  const stream = new xz.XzReadableStream(Readable.toWeb(Readable.from(chunks)) as ReadableStream<Uint8Array>);
  try {
    yield* stream as unknown as Chunks;
  } catch (error) {
    const code = Number(/error code (\d+)/.exec(String(error))?.[1]);
    if (code === cutOff) throw new CutOff();
    if (code === memoryLimit) throw tooLarge('it needs too much memory to unpack', file);
    throw damaged(error, file);
  }
}

/** Node has no bzip2, and few archives use it today: the program of that name is run. */
async function* bunzip2(chunks: Chunks, file: string): Chunks {
  const child = spawn('bzip2', ['-dc'], { stdio: ['pipe', 'pipe', 'pipe'] });
  const ended = once(child, 'close') as Promise<[number | null]>;
  ended.catch(() => {});
  let message = '';
  child.stderr.on('data', (text) => {
    message = `${message}${text}`.slice(0, 500);
  });
  // A child that ends early closes its input; its message says why.
  child.stdin.on('error', () => {});
  Readable.from(chunks).pipe(child.stdin);
  try {
    yield* child.stdout as Chunks;
    const [status] = await ended;
    if (status === 0) return;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT')
      throw new InputError(
        'bzip2 is not installed',
        { file },
        { hint: 'install it, or pack the archive with gzip or xz' },
      );
    throw error;
  } finally {
    child.kill();
  }
  if (/ends unexpectedly/.test(message)) throw new CutOff();
  throw damaged(message.split('\n')[0] ?? '', file);
}

function damaged(error: unknown, file: string): unknown {
  if (error instanceof InputError || error instanceof CutOff) return error;
  const why = error instanceof Error ? error.message : String(error);
  return new InputError(`the archive is damaged: ${why}`, { file });
}
