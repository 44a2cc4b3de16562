import type { Stats } from 'node:fs';
import { chmod, readlink, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { EnvironmentError, InputError } from './errors.ts';

/**
 * Writes an output file. A regular file is written completely or not at all: to a temporary file in the same folder, which
 * then replaces it and keeps its permissions, as far as `mode` allows. Symbolic links are followed. A device, FIFO or socket is written in place:
 * replacing `/dev/null` by a file would damage the machine. Node only; not part of the room's index.
 * @param mode the most permissions that the file can have; the umask restricts those of a new file
 * @throws InputError with the errno's name if the path cannot be a file
 * @throws EnvironmentError with the errno's name if the file system refuses: no space, no permission, read-only
 */
export async function writeOutput(path: string, content: string | Uint8Array, mode = 0o666): Promise<void> {
  try {
    const present = await statOf(path);
    if (present && !present.isFile() && !present.isDirectory()) await writeFile(path, content);
    else await replace(present ? await realpath(path) : await linkTarget(path), content, mode, present);
  } catch (error) {
    throw writeError(path, error);
  }
}

async function replace(
  path: string,
  content: string | Uint8Array,
  mode: number,
  present: Stats | undefined,
): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.part`);
  try {
    await writeFile(temporary, content, { mode });
    if (present) await chmod(temporary, present.mode & (mode | 0o111));
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** Follows links; undefined if there is nothing, not even at the end of a link. */
async function statOf(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** The file that a link names although it does not exist yet; the path itself if it is no link. */
async function linkTarget(path: string): Promise<string> {
  for (let at = path, links = 0; links < MAX_LINKS; links++) {
    const target = await readlink(at).catch(() => undefined);
    if (target === undefined) return at;
    at = resolve(dirname(at), target);
  }
  return path;
}

/** The limit of Linux (MAXSYMLINKS). */
const MAX_LINKS = 40;

/** Errnos for which the path or its folder is wrong; all others concern the machine. */
const INPUT_ERRNOS: ReadonlySet<string> = new Set(['ENOENT', 'ENOTDIR', 'EISDIR', 'ENAMETOOLONG', 'ELOOP']);

function writeError(path: string, error: unknown): InputError | EnvironmentError {
  const { code } = error as NodeJS.ErrnoException;
  const message = `cannot write: ${code ?? String(error)}`;
  if (code !== undefined && INPUT_ERRNOS.has(code)) return new InputError(message, { file: path });
  return new EnvironmentError(`${path}: ${message}`, undefined, error);
}
