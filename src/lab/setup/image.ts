import { closeSync, createReadStream, openSync, readSync } from 'node:fs';
import { InputError } from '../../base/index.ts';
import { debianKernels } from './debian.ts';

/**
 * The release that an uncompressed image names itself (`Linux version RELEASE (…`), as `uname -r` will say it.
 * @returns `unknown` when there is none, as in a compressed image
 */
export async function releaseOfImage(image: string): Promise<string> {
  const overlap = 256; // the words may be cut by the end of a chunk
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
 * Looks at the ELF header only as far as is needed to tell a kernel image from some other file.
 * @throws InputError when it is something else, or not there
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
    const hint = `There are ${Object.keys(debianKernels).join(', ')}; or give the path of a ppc64le vmlinux.`;
    throw new InputError('no such kernel', { file: path }, { hint });
  }
  const littleEndian = header[5] === 1;
  const machine = littleEndian ? header.readUInt16LE(18) : header.readUInt16BE(18);
  // EM_PPC is what the wrapper of a compressed image may be.
  if (header.readUInt32BE(0) !== ELF_MAGIC || (machine !== 20 && machine !== 21)) {
    throw new InputError('not a PowerPC kernel image (ELF)', { file: path });
  }
}
