import { StringTable } from '../../base/index.ts';

/**
 * Reports what the steps of threads read and write, so that a search can see that two steps commute and skip one order.
 *
 * A step is the work of a thread between two yields. What it reads and writes is named by text: `tree`,
 * `count /ibm,platform-facilities`, `drivers`. Different names are independent. Where the model is coarse, a step reports more
 * reads than it makes; the search is then slower, but not wrong. The clock and the order of log lines are not reported: runs
 * that differ only in these are equivalent.
 */
export interface StepWatcher {
  /**
   * Threads that are ready, in the order in which the chooser sees them. Called before each step, and once more when none is
   * ready.
   * @param blocked lists the other threads on demand
   */
  ready(threads: readonly number[], blocked: () => readonly Blocked[]): void;
  /** A step of this thread begins. */
  step(thread: number): void;
  read(what: string): void;
  write(what: string): void;
  /** Frees an object that other threads may wait for. */
  free(what: string): void;
}

/** A thread that waits for an object, which its next step writes. */
export interface Blocked {
  readonly thread: number;
  readonly what: string;
}

/** What steps read and write, by name. */
export const shared = {
  /** The live tree: nodes, their places and properties. */
  tree: 'tree',
  phandleCache: 'phandle cache',
  /** Devices on the VIO bus and their nodes. */
  vio: 'vio',
  /** Bound drivers, their algorithms, notifiers and values. */
  drivers: 'drivers',
  /** The server on which the partition runs. */
  server: 'server',
  /** RTAS calls, whose answers depend on earlier calls. */
  rtas: 'rtas',
  warnOnce: 'warn once',
} as const;

/** Reads of a step that does not report its reads one by one: everything that others write, except counts. */
export const coarseReads: readonly string[] = [shared.tree, shared.phandleCache, shared.vio, shared.drivers];

/** A node's reference count. */
export function countOf(node: { readonly path: string }): string {
  return countNames.get(node.path);
}

/** Names of counts by path: thousands of runs name the same few nodes. */
const countNames = new StringTable((path) => `count ${path}`, 10_000);
