import { InputError } from '../base/index.ts';
import { isDtb } from '../devicetree/index.ts';
import { CutOff, decompress, type Packing, packingOf } from './archive/decompress.ts';
import { defaultLimits } from './archive/limits.ts';
import { readHeader } from './archive/member.ts';
import { openSource, peek, type Source } from './archive/source.ts';

/** What the bytes of an input are, by their beginning. */
export type Content = 'archive' | 'dtb' | 'dts' | 'text';

export interface OpenInput {
  readonly content: Content;
  /** Its bytes, uncompressed. */
  readonly source: Source;
}

/**
 * Opens a file, or standard input for `-`, and finds out what it is. Compressed input is unpacked as it is read, within the
 * limits of archives.
 * @throws InputError when it cannot be read, or its compressed bytes are damaged at the beginning
 */
export async function openInput(path: string, name: string): Promise<OpenInput> {
  const packed = await openSource(path);
  const packing = packingOf(packed.head);
  const source = packing === undefined ? packed : await unpack(packed, packing, name);
  return { content: contentOf(source.head), source };
}

async function unpack({ chunks }: Source, packing: Packing, name: string): Promise<Source> {
  try {
    return await peek(decompress(chunks, packing, defaultLimits, name));
  } catch (error) {
    if (error instanceof CutOff) throw new InputError('the compressed file is truncated', { file: name });
    throw error;
  }
}

function contentOf(head: Uint8Array): Content {
  if (packingOf(head) === 'none' || isHeader(head)) return 'archive';
  if (isDtb(head)) return 'dtb';
  return DTS.test(Buffer.from(head).toString('latin1')) ? 'dts' : 'text';
}

/** Archives older than POSIX have no mark but a checksum. */
function isHeader(head: Uint8Array): boolean {
  return head.length >= 512 && head[0] !== 0 && readHeader(Buffer.from(head.subarray(0, 512))) !== undefined;
}

/** The beginning of a source: comments, then a directive, the root node, or a reference. */
const DTS =
  /^(?:\s|\/\/[^\n]*\n|\/\*(?:[^*]|\*(?!\/))*\*\/)*(?:\/dts-v1\/|\/plugin\/|\/memreserve\/|\/include\/|\/\s*\{|#include\b|#define\b|&[\w{])/;
