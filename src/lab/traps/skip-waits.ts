import { type Hypervisor, hcallStatus, hcalls, vasiState } from '../../papr/index.ts';

/** After this number of calls the state is passed to the kernel, which waits as it does without the lab. */
const MAX_REPEATS = 100;

/**
 * Wraps a hypervisor so that the kernel does not wait for the memory transfer of a migration.
 *
 * In the states `enabled` and `resumed` the kernel sleeps (1 s before, 500 ms after the suspension; mobility.c, v6.12) and calls
 * H_VASI_STATE again. The wrapper calls the hypervisor again immediately. The final state is the same.
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
