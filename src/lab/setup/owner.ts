import { readFileSync } from 'node:fs';

/**
 * Identity of a process. The start time distinguishes it from a later process with the same pid.
 *
 * Names of temporary folders of the lab start with their owner's tag, by which a later run recognises folders that a killed
 * process left behind.
 */
export interface Owner {
  readonly pid: number;
  /** Start time of the process, clock ticks since boot (proc(5), field 22 of `/proc/PID/stat`). */
  readonly started: number;
}

/** @returns `undefined` when there is no process with that pid, or only a zombie */
export function ownerOf(pid: number): Owner | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  } catch {
    return undefined;
  }
  // The second field is the program's name in parentheses. It may contain any character, also parentheses.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const state = fields[0];
  if (state === 'Z' || state === 'X') return undefined;
  return { pid, started: Number(fields[19]) };
}

/** Whether the process still runs. */
export function isAlive(owner: Owner): boolean {
  return ownerOf(owner.pid)?.started === owner.started;
}

/** This process. */
export function currentProcess(): Owner {
  return ownerOf(process.pid) ?? { pid: process.pid, started: 0 };
}

/** `PID-STARTED`, the first part of a file name. */
export function ownerTag(owner: Owner): string {
  return `${owner.pid}-${owner.started}`;
}

/** The owner whose tag a file name starts with. */
export function ownerFromName(name: string): Owner | undefined {
  const match = /^(\d{1,10})-(\d{1,20})(?:\.|$)/.exec(name);
  return match ? { pid: Number(match[1]), started: Number(match[2]) } : undefined;
}
