import { WORK_AREA_SIZE } from './work-area.ts';

/** An RTAS function that a migration calls (LoPAR 7.4 and 13.5.3). */
export interface RtasFunction {
  readonly nargs: number;
  readonly nret: number;
  /** What its arguments are, for people. */
  readonly args: readonly string[];
  /** Which of the arguments is the real address of its work area. */
  readonly workArea?: number;
}

const area = { nargs: 2, nret: 1, workArea: 0 };

/** By name, as the property of `/rtas` that holds the token is called. */
export const rtasFunctions = {
  'ibm,suspend-me': { nargs: 0, nret: 1, args: [] },
  'ibm,activate-firmware': { nargs: 0, nret: 1, args: [] },
  'ibm,update-nodes': { ...area, args: ['work area', 'scope'] },
  'ibm,update-properties': { ...area, args: ['work area', 'scope'] },
  'ibm,configure-connector': { ...area, args: ['work area', 'memory extent'] },
  'ibm,get-system-parameter': { nargs: 3, nret: 1, args: ['parameter', 'buffer', 'length'] },
} as const satisfies Readonly<Record<string, RtasFunction>>;

export type RtasFunctionName = keyof typeof rtasFunctions;

/** A range of memory. */
export interface MemoryRange {
  /** Physical. */
  readonly address: number;
  /** Bytes. */
  readonly length: number;
}

/**
 * The memory that a call reads or writes beside its argument block: its work area, if it has one. Who has the
 * partition's memory at a distance fetches this before the call and writes it back after.
 */
export function workAreaOf(name: string, args: readonly number[]): MemoryRange | undefined {
  const known: RtasFunction | undefined = rtasFunctions[name as RtasFunctionName];
  const address = known?.workArea === undefined ? undefined : args[known.workArea];
  return address === undefined ? undefined : { address, length: WORK_AREA_SIZE };
}
