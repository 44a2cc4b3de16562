import { configureConnector } from './configure-connector/function.ts';
import type { RtasFunction } from './rtas-function.ts';
import { extendedDelayMs } from './status.ts';
import { updateNodes } from './update-nodes/function.ts';
import { updateProperties } from './update-properties/function.ts';

/**
 * The RTAS functions that a migration calls (LoPAR 7.4 and 13.5.3), by name: the property of `/rtas` that holds a
 * function's token has the same name.
 *
 * Append new functions: generated scenarios choose a function by its position, so another order gives seeds another
 * meaning. CONTRIBUTING.md ("Recipes") says what a new function needs.
 */
export const rtasFunctions = {
  'ibm,suspend-me': {
    token: 0x202a,
    args: [],
    nret: 1,
    statuses: {
      9000: 'aborted',
      [-9004]: 'not suspendable',
      [-9005]: 'other threads active',
      [-9006]: 'coprocessor operations outstanding',
    },
    answeredBy: 'firmware',
  },
  'ibm,activate-firmware': { token: 0x3001, args: [], nret: 1, statuses: {}, answeredBy: 'firmware' },
  'ibm,configure-connector': configureConnector,
  'ibm,update-properties': updateProperties,
  'ibm,update-nodes': updateNodes,
  'ibm,get-system-parameter': {
    token: 0x2008,
    args: ['parameter', 'buffer', 'length'],
    nret: 1,
    statuses: {},
    answeredBy: 'machine',
  },
} as const satisfies Readonly<Record<string, RtasFunction>>;

/** Name of an RTAS function that Transplant knows. */
export type RtasFunctionName = keyof typeof rtasFunctions;

/** Name of an RTAS function whose reply is in a work area. */
export type WorkAreaFunctionName = {
  [Name in RtasFunctionName]: (typeof rtasFunctions)[Name] extends { readonly workArea: unknown }
    ? Name
    : never;
}[RtasFunctionName];

/** The function of that name; undefined for one that Transplant does not know. */
export function findRtasFunction(name: string): RtasFunction | undefined {
  return Object.hasOwn(rtasFunctions, name) ? rtasFunctions[name as RtasFunctionName] : undefined;
}

/** Whether the function of that name has a work area. */
export function hasWorkArea(name: string): name is WorkAreaFunctionName {
  return findRtasFunction(name)?.workArea !== undefined;
}

/** The functions with a work area, in the order of `rtasFunctions`. */
export const workAreaFunctions: readonly WorkAreaFunctionName[] =
  Object.keys(rtasFunctions).filter(hasWorkArea);

/** What a search is expected to reach: see `RtasWorkArea.expectedCoverage`. */
export const expectedRtasCoverage: readonly string[] = Object.values<RtasFunction>(rtasFunctions).flatMap(
  ({ workArea }) => workArea?.expectedCoverage ?? [],
);

/**
 * Tokens of the modelled firmware, by the function's name, in ascending order.
 * The numbers of functions that QEMU has are QEMU's (spapr.h, 7.2); the others follow the same scheme.
 */
export const defaultTokens: ReadonlyMap<string, number> = new Map(
  Object.entries<RtasFunction>(rtasFunctions)
    .map(([name, { token }]) => [name, token] as const)
    .sort(([, one], [, other]) => one - other),
);

/** Statuses that mean the same with every function (LoPAR 7.2.8). */
const commonStatuses: Readonly<Record<number, string>> = {
  0: 'success',
  [-1]: 'hardware error',
  [-2]: 'busy',
  [-3]: 'parameter error',
};

/** The name of a status as this function means it: `busy`, `next child`; undefined if the function has no such status. */
export function statusName(functionName: string, status: number): string | undefined {
  const delay = extendedDelayMs(status);
  if (delay !== undefined) return `extended delay of ${delay} ms`;
  return findRtasFunction(functionName)?.statuses[status] ?? commonStatuses[status];
}

/** A range of memory. */
export interface MemoryRange {
  /** Physical. */
  readonly address: number;
  /** Bytes. */
  readonly length: number;
}

/**
 * The memory that a call reads or writes in addition to its argument block: its work area.
 * A caller that has only a copy of the partition's memory fetches this range before the call and writes it back after.
 * @returns undefined if the function has no work area or the argument with its address is missing
 */
export function workAreaOf(name: string, args: readonly number[]): MemoryRange | undefined {
  const workArea = findRtasFunction(name)?.workArea;
  const address = workArea && args[workArea.argument];
  return address === undefined ? undefined : { address, length: workArea?.size ?? 0 };
}
