import { readFileSync } from 'node:fs';

/**
 * A process, told from a later one with the same pid by the time it started.
 *
 * Whatever the lab leaves on disk for a while (half-written folders, sockets, the pid of a QEMU) bears its owner's mark, so
 * that the next run knows what a killed process left behind.
 */
export interface Owner {
  readonly pid: number;
  /** Start of the process in clock ticks since boot (proc(5), field 22 of `/proc/PID/stat`). */
  readonly started: number;
}

/** @returns the process as it is now, `undefined` when there is none of that pid or only a zombie */
export function ownerOf(pid: number): Owner | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  } catch {
    return undefined;
  }
  // The second field is the program's name in parentheses and may contain anything, parentheses too.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const state = fields[0];
  if (state === 'Z' || state === 'X') return undefined;
  return { pid, started: Number(fields[19]) };
}

export function isAlive(owner: Owner): boolean {
  return ownerOf(owner.pid)?.started === owner.started;
}

/** This process. */
export function currentProcess(): Owner {
  return ownerOf(process.pid) ?? { pid: process.pid, started: 0 };
}

/** `PID-STARTED`, fit for the start of a file name. */
export function ownerTag(owner: Owner): string {
  return `${owner.pid}-${owner.started}`;
}

/** The owner that a name starting with its mark speaks of. */
export function ownerFromName(name: string): Owner | undefined {
  const match = /^(\d{1,10})-(\d{1,20})(?:\.|$)/.exec(name);
  return match ? { pid: Number(match[1]), started: Number(match[2]) } : undefined;
}
