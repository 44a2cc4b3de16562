import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder, runRoot } from './cache.ts';
import { isAlive, ownerFromName } from './owner.ts';

/** Something that a process left behind when it was killed, and that is gone now. */
export interface Leftover {
  /** The folder. */
  readonly path: string;
  readonly kind: 'half-written' | 'guest';
  /** Programs that were still at work in it and were ended: a QEMU, a download. */
  readonly pids: readonly number[];
}

/**
 * Removes what dead processes left behind: half-written folders of the cache, sockets of guests, and the programs that were
 * still at work there. What belongs to a live process stays.
 */
export async function cleanLeftovers(
  cache: string = cacheFolder(),
  root: string = runRoot(),
): Promise<Leftover[]> {
  const found: Leftover[] = [];
  for (const [folder, kind] of [
    [join(cache, 'tmp'), 'half-written'],
    [root, 'guest'],
  ] as const) {
    for (const path of orphans(folder)) {
      const pids = processesIn(path);
      for (const pid of pids) kill(pid);
      await rm(path, { recursive: true, force: true });
      found.push({ path, kind, pids });
    }
  }
  return found;
}

/** One line about it. */
export function describeLeftover({ path, kind, pids }: Leftover): string {
  const ended = pids.length === 0 ? '' : `, ended process ${pids.join(', ')}`;
  return kind === 'guest'
    ? `removed ${path} of a guest whose owner was killed${ended}`
    : `removed ${path}, half-written by a process that was killed${ended}`;
}

/** Folders in it that bear the mark of a process that is dead. */
export function orphans(folder: string): string[] {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    return [];
  }
  return names
    .filter((name) => {
      const owner = ownerFromName(name);
      return owner !== undefined && !isAlive(owner);
    })
    .map((name) => join(folder, name));
}

/** Processes that name the folder on their command line or stand in it. */
function processesIn(folder: string): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => {
      if (!Number.isInteger(pid) || pid === process.pid) return false;
      try {
        const command = readFileSync(`/proc/${pid}/cmdline`, 'latin1');
        return (
          command.includes(`${folder}/`) || `${readlinkSync(`/proc/${pid}/cwd`)}/`.startsWith(`${folder}/`)
        );
      } catch {
        return false; // it ended meanwhile, or is somebody else's
      }
    });
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended meanwhile, or is somebody else's.
  }
}
