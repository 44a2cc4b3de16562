import type { RunCache } from '../../base/index.ts';
import { type Chooser, firstChooser } from '../../choice/index.ts';
import type { GuestMemory } from '../../papr/index.ts';
import { createFaultInjector, type FaultInjector } from '../fault-injector.ts';

/** Limits of one reply, for a firmware that sends less than a work area holds. */
export interface ReplyLimits {
  /** Nodes in one reply of `ibm,update-nodes`, at least 1. */
  readonly nodes?: number;
  /** Properties in one reply of `ibm,update-properties`, at least 1; the path does not count. */
  readonly properties?: number;
}

/** What all servers of work areas share. */
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
 * Serves a call of one function. The work area has been checked: it is memory.
 * @param address of the work area
 * @param argument the second argument: a scope, or the address of another page
 * @returns the status; the reply is in the work area
 */
export type WorkAreaServer = (memory: GuestMemory, address: number, argument: number) => number;

/** Chooses how many of the items that fit are sent: all in the plain run, at least one in others. */
export function chooseCount(fit: number, limit: number | undefined, chooser: Chooser, what: string): number {
  const most = limit === undefined ? fit : Math.min(fit, limit);
  return most <= 1 ? most : most - chooser.choose(most, what);
}

/** Whether all bytes from an offset on are zero. */
export function isZeroFrom(bytes: Uint8Array, offset: number): boolean {
  for (let at = offset; at < bytes.length; at++) if (bytes[at] !== 0) return false;
  return true;
}
