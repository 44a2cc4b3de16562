import { lstatSync, readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder, runRoot } from './cache.ts';
import { cleanLeftovers, type Leftover } from './leftovers.ts';

/** Folders that belong to the cache. Other files in the folder, which the user may have chosen, are never removed. */
const CACHE_FOLDERS = ['busybox', 'initramfs', 'kernels', 'snapshots'] as const;

/** Result of `clean`. */
export interface Cleaned {
  readonly leftovers: readonly Leftover[];
  /** Size of the removed files in bytes, without leftovers. */
  readonly bytes: number;
}

/** Empties the cache, and removes leftovers. Files that another process is writing are not removed. */
export async function clean(cache: string = cacheFolder(), root: string = runRoot()): Promise<Cleaned> {
  const leftovers = await cleanLeftovers(cache, root);
  const bytes = cacheSize(cache);
  for (const part of CACHE_FOLDERS) await rm(join(cache, part), { recursive: true, force: true });
  return { leftovers, bytes };
}

/** Size of the cache's files in bytes. */
export function cacheSize(cache: string): number {
  return CACHE_FOLDERS.reduce((sum, part) => sum + sizeOf(join(cache, part)), 0);
}

function sizeOf(path: string): number {
  try {
    const status = lstatSync(path);
    if (!status.isDirectory()) return status.size;
    return readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0);
  } catch {
    return 0;
  }
}
