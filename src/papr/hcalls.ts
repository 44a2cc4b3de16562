/** Opcodes of the hypervisor calls that a migration makes (LoPAR 14.5, 17.5 and appendix of hcalls; hvcall.h, v6.12). */
export const hcalls = {
  H_PROD: 0xe8,
  H_GET_CPU_CHARACTERISTICS: 0x1c8,
  H_JOIN: 0x298,
  H_VASI_SIGNAL: 0x2a0,
  H_VASI_STATE: 0x2a4,
  H_RANDOM: 0x300,
  H_COP: 0x304,
  H_QUERY_VAS_CAPABILITIES: 0x398,
} as const;

/** Statuses that hypervisor calls return in r3. */
export const hcallStatus = {
  H_SUCCESS: 0,
  H_CONTINUE: 18,
  H_HARDWARE: -1,
  H_FUNCTION: -2,
  H_PARAMETER: -4,
  H_BAD_MODE: -5,
  H_MULTI_THREADS_ACTIVE: -9005,
} as const;

/** States of a migration's stream that `H_VASI_STATE` returns (LoPAR 17.5). */
export const vasiState = {
  invalid: 0,
  enabled: 1,
  aborted: 2,
  suspending: 3,
  suspended: 4,
  resumed: 5,
  completed: 6,
} as const;

/** Signals that a partition may send with `H_VASI_SIGNAL`; the other codes (abort 2 … failover 6) are the VASI device's. */
export const vasiSignal = { cancel: 1 } as const;
