import { closeSync, createReadStream, openSync, readSync } from 'node:fs';
import { InputError } from '../../base/index.ts';
import { debianKernels } from './debian.ts';

/**
 * Finds the release (`uname -r`) in an uncompressed image: `Linux version RELEASE (…`.
 * @returns `unknown` when there is none, for instance in a compressed image
 */
export async function releaseOfImage(image: string): Promise<string> {
  const overlap = 256; // the text may be split between chunks
  let rest = '';
  for await (const chunk of createReadStream(image, { highWaterMark: 1 << 20 })) {
    const text = rest + (chunk as Buffer).toString('latin1');
    const release = /Linux version (\d[\w.+~-]{1,128}) \(/.exec(text)?.[1];
    if (release !== undefined) return release;
    rest = text.slice(-overlap);
  }
  return 'unknown';
}

const ELF_MAGIC = 0x7f454c46;

/**
 * Checks the magic number and machine of an ELF header.
 * @throws InputError when the file is not a PowerPC ELF file, or does not exist
 */
export function checkImage(path: string): void {
  const header = Buffer.alloc(20);
  try {
    const file = openSync(path, 'r');
    try {
      readSync(file, header);
    } finally {
      closeSync(file);
    }
  } catch {
    const hint = `Use ${Object.keys(debianKernels).join(', ')}, or the path of a ppc64le vmlinux.`;
    throw new InputError('no such kernel', { file: path }, { hint });
  }
  const littleEndian = header[5] === 1;
  const machine = littleEndian ? header.readUInt16LE(18) : header.readUInt16BE(18);
  // EM_PPC (20) or EM_PPC64 (21): the wrapper of a compressed image may be a 32-bit program.
  if (header.readUInt32BE(0) !== ELF_MAGIC || (machine !== 20 && machine !== 21)) {
    throw new InputError('not a PowerPC kernel image (ELF)', { file: path });
  }
}
