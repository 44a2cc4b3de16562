import { StringTable } from '../../base/index.ts';

/**
 * Watches the steps of threads: what a search needs to see that two of them commute, so that it need not try both orders.
 *
 * A step is what a thread does from where it lets others in to where it does so again. What it reads and writes is named
 * by text: `tree`, `count /ibm,platform-facilities`, `drivers`. Two names are two things that have nothing to do with each
 * other; where the model is coarse, a step reads more than it needs, which costs the search time and nothing else. The
 * order of log lines and the clock are not watched: runs that differ in nothing else are the same run.
 */
export interface StepWatcher {
  /**
   * Numbers of the threads that could go on, in the order in which the chooser is asked; told before each step, and once
   * more where none can.
   * @param blocked tells of the others, in case somebody asks
   */
  ready(threads: readonly number[], blocked: () => readonly Blocked[]): void;
  /** The step that begins is this thread's. */
  step(thread: number): void;
  read(what: string): void;
  write(what: string): void;
  /** Lets go of what was read or written, and others waited for meanwhile. */
  free(what: string): void;
}

/** A thread that waits for something, and would write it next. */
export interface Blocked {
  readonly thread: number;
  readonly what: string;
}

/** What steps read and write, by name. */
export const shared = {
  /** The live tree: which nodes are in it, where, with which properties. */
  tree: 'tree',
  phandleCache: 'phandle cache',
  /** Which devices stand on the VIO bus, for which nodes. */
  vio: 'vio',
  /** Which drivers are bound, what they offer, listen to and have in force. */
  drivers: 'drivers',
  /** On which server the partition is. */
  server: 'server',
  /** The calls that are answered according to those before them. */
  rtas: 'rtas',
  warnOnce: 'warn once',
} as const;

/** What a step that nobody looked at more closely may read: everything that others write but counts. */
export const coarseReads: readonly string[] = [shared.tree, shared.phandleCache, shared.vio, shared.drivers];

/** A node's reference count. */
export function countOf(node: { readonly path: string }): string {
  return countNames.get(node.path);
}

/** Names of counts by path: thousands of runs name the same few nodes. */
const countNames = new StringTable((path) => `count ${path}`, 10_000);
