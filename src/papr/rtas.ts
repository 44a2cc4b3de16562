import type { GuestMemory } from './memory.ts';

/** One RTAS call (LoPAR 7.2.7; rtas.h `struct rtas_args`). */
export interface RtasCall {
  /** Number of the function in this firmware. */
  readonly token: number;
  /** The arguments, unsigned 32-bit words. */
  readonly args: readonly number[];
  /** The number of words that the caller expects, including the status. */
  readonly nret: number;
}

/** Answers RTAS calls: a firmware, or a wrapper around one. */
export interface Rtas {
  /** Token of each function by name, as in the properties of `/rtas`. */
  readonly tokens: ReadonlyMap<string, number>;
  /**
   * Executes a call. Work areas are read and written in `memory`.
   * @returns `call.nret` words; the first is the status, signed
   */
  call(call: RtasCall, memory: GuestMemory): readonly number[];
}

/** Answers the hypervisor calls that a migration makes (`H_VASI_STATE`, `H_VASI_SIGNAL`). */
export interface Hypervisor {
  /**
   * Executes a call.
   * @param opcode such as 0x2a4, `H_VASI_STATE`
   * @param args   the words of r4, r5, …
   * @returns the status (r3) and the words of r4, r5, …; `undefined` if the call is not implemented (`H_FUNCTION`)
   */
  hcall(opcode: number, args: readonly bigint[]): HcallResult | undefined;
}

/** What a hypervisor call returns. */
export interface HcallResult {
  /** r3, signed. */
  readonly status: number;
  /** r4, r5, … */
  readonly values: readonly bigint[];
}
