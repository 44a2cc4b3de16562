import { type Hypervisor, hcalls as opcodes } from '../../papr/index.ts';
import { type GdbClient, type Registers, registerNumbers } from './gdb/index.ts';

/** Addresses at which a kernel calls for its firmware; each is its instruction about to be carried out. */
export interface TrapAddresses {
  /** Physical address at which the kernel enters RTAS (`linux,rtas-entry`). */
  readonly rtasEntry: number;
  /** Where the kernel's `plpar_hcall` and `plpar_hcall_norets` start: all hypervisor calls with and without values. */
  readonly hcalls?: readonly [withValues: bigint, withoutValues: bigint];
  /** Where mobility.c calls these for the stream of a migration, see `call-sites.ts`. */
  readonly callSites?: readonly bigint[];
}

/**
 * Where a CPU enters the kernel for an interrupt from elsewhere (vector 0x500 with relocation on, Power ISA 3.0B, book III,
 * "AIL"); it is the door of those that make no calls.
 */
export const EXTERNAL_INTERRUPT = 0xc000_0000_0000_4500n;

/** `plpar_hcall` stores r4 to r7 (hvcall.h, PLPAR_HCALL_BUFSIZE). */
const HCALL_VALUES = 4;

/**
 * Answers a hypervisor call on its way in, and returns to the caller: r3 is the opcode; for one with values r4 is where these
 * go and the arguments start in r5, else they start in r4.
 * @param back where to: lr when the call has been made, the next instruction when it is about to be
 * @returns whether the firmware has an answer
 */
export async function answerHcall(
  gdb: GdbClient,
  hypervisor: Hypervisor,
  { r, littleEndian }: Registers,
  back: bigint,
): Promise<boolean> {
  const opcode = Number(r[3] ?? 0n);
  const hasValues = opcode !== opcodes.H_VASI_SIGNAL;
  const result = hypervisor.hcall(opcode, r.slice(hasValues ? 5 : 4, 11));
  if (!result) return false;
  const done = [
    gdb.writeRegister(registerNumbers.r0 + 3, BigInt(result.status), littleEndian),
    gdb.writeRegister(registerNumbers.pc, back, littleEndian),
  ];
  if (hasValues) {
    const words = Buffer.alloc(8 * HCALL_VALUES);
    for (let index = 0; index < HCALL_VALUES; index++) {
      const value = BigInt.asUintN(64, result.values[index] ?? 0n);
      if (littleEndian) words.writeBigUInt64LE(value, 8 * index);
      else words.writeBigUInt64BE(value, 8 * index);
    }
    done.push(gdb.writeMemory(r[4] ?? 0n, words));
  }
  await Promise.all(done);
  return true;
}
