import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { InputError } from '../base/index.ts';

/**
 * Reads the files that a source includes. Paths are relative to the including file, as in dtc.
 * @param folder the folder of the outermost source
 */
export function readIncludes(folder: string) {
  const read = (path: string, from: string | undefined) => {
    const full = resolve(from === undefined || from === '<stdin>' ? folder : dirname(from), path);
    try {
      return { path: full, bytes: readFileSync(full) };
    } catch (error) {
      throw new InputError(
        `cannot read ${path}: ${(error as NodeJS.ErrnoException).code}`,
        from === undefined ? {} : { file: from },
      );
    }
  };
  return {
    include: (path: string, from: string | undefined) => {
      const { path: full, bytes } = read(path, from);
      return { path: full, text: bytes.toString('latin1') };
    },
    incbin: read,
  };
}
