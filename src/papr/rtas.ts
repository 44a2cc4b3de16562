import type { GuestMemory } from './memory.ts';

/** One RTAS call as its argument block says it (LoPAR 7.2.7; rtas.h `struct rtas_args`). */
export interface RtasCall {
  readonly token: number;
  /** Unsigned 32-bit words. */
  readonly args: readonly number[];
  /** How many words the caller wants back, the status among them. */
  readonly nret: number;
}

/** What answers RTAS calls: a firmware, or something that stands in front of one. */
export interface Rtas {
  /** Token of each function, by the function's name, as the properties of `/rtas` give them to the kernel. */
  readonly tokens: ReadonlyMap<string, number>;
  /**
   * Carries a call out. Work areas are read and written in `memory`.
   * @returns `call.nret` words; the first is the status, signed
   */
  call(call: RtasCall, memory: GuestMemory): readonly number[];
}

/** What answers hypervisor calls that a migration makes (`H_VASI_STATE`, `H_VASI_SIGNAL`). */
export interface Hypervisor {
  /**
   * @param opcode such as 0x2a4, `H_VASI_STATE`
   * @param args   the words of r4, r5, …
   * @returns the status (r3) and the words of r4, r5, …; `undefined` where the call is not implemented (`H_FUNCTION`)
   */
  hcall(opcode: number, args: readonly bigint[]): HcallResult | undefined;
}

export interface HcallResult {
  readonly status: number;
  readonly values: readonly bigint[];
}
