import { rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { InputError } from './errors.ts';

/**
 * Writes a file completely or not at all: writes a temporary file in the same folder, then renames it.
 * Node only; not part of the room's index.
 * @param mode permissions of the file, without those that the umask removes
 * @throws InputError with the errno's name if the file cannot be written
 */
export async function writeOutput(path: string, content: string | Uint8Array, mode = 0o666): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.part`);
  try {
    await writeFile(temporary, content, { mode });
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw new InputError(`cannot write: ${(error as NodeJS.ErrnoException).code ?? String(error)}`, {
      file: path,
    });
  }
}
