import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync, mkdtempSync, statSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { homedir, tmpdir, userInfo } from 'node:os';
import { basename, isAbsolute, join, resolve } from 'node:path';
import { EnvironmentError } from '../../base/index.ts';
import { currentProcess, ownerTag } from './owner.ts';

/**
 * Path of the lab's cache: `$TRANSPLANT_CACHE`, or `transplant` in the XDG cache folder.
 *
 * ```
 * kernels/NAME/      kernel.json, vmlinux, modules/*.ko        one folder per kernel
 * busybox/           busybox (static, ppc64le)
 * initramfs/         SHA256.cpio.gz                            named by content
 * snapshots/KEY/     facts.json, state                         a paused guest
 * tmp/TAG.WHAT.XX/   incomplete; moved to its place when complete (TAG: the writing process, see owner.ts)
 * ```
 * Everything in it can be created again.
 */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  const own = env['TRANSPLANT_CACHE'];
  if (own) return resolve(own);
  const xdg = env['XDG_CACHE_HOME'];
  // The XDG specification says that relative paths are ignored.
  return join(xdg && isAbsolute(xdg) ? xdg : join(homedir(), '.cache'), 'transplant');
}

/**
 * Writes a file or folder of the cache atomically: `write` fills a temporary folder, then the path that it returns (within that
 * folder; by default the folder itself) is renamed to `target`. If `write` fails, the cache does not change.
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

/** Parent of the private folders of this user's running guests. The path is short, because socket paths are limited to 107 bytes. */
export function runRoot(): string {
  return join(tmpdir(), `transplant-${userInfo().uid}`);
}

/**
 * Creates a private folder (0700) for the sockets of a running guest. Its name starts with the tag of this process, by which
 * `cleanLeftovers` finds it if the process is killed.
 * @throws EnvironmentError when `root` is accessible to other users
 */
export function newRunFolder(root: string = runRoot()): string {
  mkdirSync(root, { recursive: true, mode: 0o700 });
  const { uid, mode } = lstatSync(root);
  if (uid !== userInfo().uid || (mode & 0o077) !== 0) {
    throw new EnvironmentError(`${root} is not a private folder of this user`, `Remove it: rm -r ${root}`);
  }
  return mkdtempSync(join(root, `${ownerTag(currentProcess())}.`));
}

/** A hash of 16 hexadecimal digits, for file names. */
export function shortHash(...parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part).update('\0');
  return hash.digest('hex').slice(0, 16);
}

/** Version key of a file: path, mtime, size. @throws the error of `statSync` when there is no such file */
export function fileVersion(path: string): readonly string[] {
  const { mtimeMs, size } = statSync(path);
  return [resolve(path), String(mtimeMs), String(size)];
}
