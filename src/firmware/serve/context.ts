import type { RunCache } from '../../base/index.ts';
import { type Chooser, firstChooser } from '../../choice/index.ts';
import type { GuestMemory } from '../../papr/index.ts';
import { createFaultInjector, type FaultInjector } from '../fault-injector.ts';

/** How much one call tells at most, for a firmware that cuts smaller than the work area makes it. */
export interface ReplyLimits {
  /** Nodes in one reply of `ibm,update-nodes`, at least 1. */
  readonly nodes?: number;
  /** Properties in one reply of `ibm,update-properties`, at least 1; the path is not counted. */
  readonly properties?: number;
}

/** What those who serve the calls have in common. */
export interface ServeContext {
  readonly chooser: Chooser;
  readonly injector: FaultInjector;
  readonly limits: ReplyLimits;
  /** Encoded replies and indexes that runs share. */
  readonly cache: RunCache;
}

const noFaults = createFaultInjector([], firstChooser);

/** A context without faults, limits and choices. */
export function plainContext(cache: RunCache): ServeContext {
  return { chooser: firstChooser, injector: noFaults, limits: {}, cache };
}

/**
 * Serves the calls of one function, whose work area is known to be memory.
 * @param argument the second one: a scope, or the address of a further page
 * @returns the status
 */
export type WorkAreaServer = (memory: GuestMemory, address: number, argument: number) => number;

/** How many of those that fit are told: all in the plain run, else at least one. */
export function chooseCount(fit: number, limit: number | undefined, chooser: Chooser, what: string): number {
  const most = limit === undefined ? fit : Math.min(fit, limit);
  return most <= 1 ? most : most - chooser.choose(most, what);
}

/** Whether all bytes from an offset on are zero. */
export function isZeroFrom(bytes: Uint8Array, offset: number): boolean {
  for (let at = offset; at < bytes.length; at++) if (bytes[at] !== 0) return false;
  return true;
}
