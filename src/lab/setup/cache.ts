import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync, mkdtempSync, statSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { homedir, tmpdir, userInfo } from 'node:os';
import { basename, isAbsolute, join, resolve } from 'node:path';
import { EnvironmentError } from '../../base/index.ts';
import { currentProcess, ownerTag } from './owner.ts';

/**
 * The lab's folder: `$TRANSPLANT_CACHE`, or `transplant` in the XDG cache folder.
 *
 * ```
 * kernels/NAME/      kernel.json, vmlinux, modules/*.ko        one folder per kernel
 * busybox/           busybox (static, ppc64le), busybox.json
 * initramfs/         SHA256.cpio.gz                            by content
 * snapshots/KEY/     a stopped guest, ready to go on
 * tmp/MARK.WHAT.XX/  half-written; renamed to its place when whole (MARK: the writer, see owner.ts)
 * ```
 * Nothing in it is precious: all of it can be made again.
 */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  const own = env['TRANSPLANT_CACHE'];
  if (own) return resolve(own);
  const xdg = env['XDG_CACHE_HOME'];
  // The XDG specification has relative paths ignored.
  return join(xdg && isAbsolute(xdg) ? xdg : join(homedir(), '.cache'), 'transplant');
}

/**
 * Writes a file or folder of the cache all at once: `write` fills a folder of its own, then what it returns (a path within
 * that folder, by default the folder itself) is renamed to `target`. When `write` fails the cache is as it was.
 */
export async function writeAtomically(
  cache: string,
  target: string,
  write: (folder: string) => Promise<string | undefined>,
): Promise<void> {
  const scratch = join(cache, 'tmp');
  await mkdir(scratch, { recursive: true });
  const folder = mkdtempSync(
    join(scratch, `${ownerTag(currentProcess())}.${basename(target).slice(0, 40)}.`),
  );
  try {
    const source = (await write(folder)) ?? folder;
    await mkdir(join(target, '..'), { recursive: true });
    await rm(target, { recursive: true, force: true });
    await rename(source, target);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Where the private folders of running guests of this user are: short, because a socket's path has at most 107 bytes. */
export function runRoot(): string {
  return join(tmpdir(), `transplant-${userInfo().uid}`);
}

/**
 * A new private folder (0700) for sockets of a running guest; it bears the mark of this process, so that `cleanLeftovers`
 * finds it should the process be killed.
 */
export function newRunFolder(root: string = runRoot()): string {
  mkdirSync(root, { recursive: true, mode: 0o700 });
  const { uid, mode } = lstatSync(root);
  if (uid !== userInfo().uid || (mode & 0o077) !== 0) {
    throw new EnvironmentError(`${root} is not a private folder of this user`, `rm -r ${root}`);
  }
  return mkdtempSync(join(root, `${ownerTag(currentProcess())}.`));
}

/** A short name for a long one, stable. */
export function shortHash(...parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part).update('\0');
  return hash.digest('hex').slice(0, 16);
}

/** Tells a file from what it was before it was written anew. Throws as `statSync` does. */
export function fileVersion(path: string): readonly string[] {
  const { mtimeMs, size } = statSync(path);
  return [resolve(path), String(mtimeMs), String(size)];
}
