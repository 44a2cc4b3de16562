import { lstatSync, readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder, runRoot } from './cache.ts';
import { cleanLeftovers, type Leftover } from './leftovers.ts';

/** The cache's own folders; nothing else in it is ever touched, whatever folder the user named as cache. */
const CACHE_FOLDERS = ['busybox', 'initramfs', 'kernels', 'snapshots'] as const;

export interface Cleaned {
  readonly leftovers: readonly Leftover[];
  /** Bytes that the removed files took, without leftovers. */
  readonly bytes: number;
}

/** Empties the cache. What another process is writing at the moment stays, and comes to its place when it is whole. */
export async function clean(cache: string = cacheFolder(), root: string = runRoot()): Promise<Cleaned> {
  const leftovers = await cleanLeftovers(cache, root);
  const bytes = cacheSize(cache);
  for (const part of CACHE_FOLDERS) await rm(join(cache, part), { recursive: true, force: true });
  return { leftovers, bytes };
}

/** Bytes that the cache's files take. */
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
