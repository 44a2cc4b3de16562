import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder, runRoot } from './cache.ts';
import { isAlive, ownerFromName } from './owner.ts';

/** Files of a killed process that were removed. */
export interface Leftover {
  /** The folder. */
  readonly path: string;
  /** `incomplete`: incomplete files of the cache. `guest`: the folder of a running guest. */
  readonly kind: 'incomplete' | 'guest';
  /** Processes that still used it and were ended: a QEMU, a download. */
  readonly pids: readonly number[];
}

/**
 * Removes files of dead processes: incomplete folders of the cache, folders of guests. Ends processes that still use them. Files
 * of live processes stay.
 */
export async function cleanLeftovers(
  cache: string = cacheFolder(),
  root: string = runRoot(),
): Promise<Leftover[]> {
  const found: Leftover[] = [];
  for (const [folder, kind] of [
    [join(cache, 'tmp'), 'incomplete'],
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

/** One line of text without newline. */
export function describeLeftover({ path, kind, pids }: Leftover): string {
  const ended = pids.length === 0 ? '' : `, ended process ${pids.join(', ')}`;
  return kind === 'guest'
    ? `removed ${path}, left by a guest whose process was killed${ended}`
    : `removed ${path}, left incomplete by a process that was killed${ended}`;
}

/** Paths of the folders in `folder` whose names start with the tag of a dead process. */
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

/** Processes whose command line contains the folder, or whose working directory is in it. */
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
        return false; // the process has ended, or belongs to another user
      }
    });
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // The process has ended, or belongs to another user.
  }
}
