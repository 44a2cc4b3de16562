import { type Hypervisor, hcallStatus, hcalls, vasiState } from '../../papr/index.ts';

/** A firmware that never gets on is handed to the kernel, which waits as long as it likes. */
const MAX_REPEATS = 100;

/**
 * A hypervisor before another, in whose place nobody waits for the memory of a partition to be on its way or to have
 * arrived: where the kernel would sleep (1 s before, 500 ms after the suspension; mobility.c, v6.12) and ask again, it is
 * asked again at once. What it says in the end is the same.
 */
export function skipWaits(hypervisor: Hypervisor): Hypervisor {
  return {
    hcall(opcode, args) {
      let result = hypervisor.hcall(opcode, args);
      for (let times = 1; times < MAX_REPEATS && opcode === hcalls.H_VASI_STATE; times++) {
        const state = result?.status === hcallStatus.H_SUCCESS ? Number(result.values[0]) : undefined;
        if (state !== vasiState.enabled && state !== vasiState.resumed) break;
        result = hypervisor.hcall(opcode, args);
      }
      return result;
    },
  };
}
