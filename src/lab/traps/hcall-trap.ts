import { type Hypervisor, hcalls as opcodes } from '../../papr/index.ts';
import { type GdbClient, type Registers, registerNumbers } from './gdb/index.ts';

/** Addresses at which a kernel's calls to firmware are trapped. A breakpoint stops before the instruction at its address. */
export interface TrapAddresses {
  /** Physical address at which the kernel enters RTAS (`linux,rtas-entry`). */
  readonly rtasEntry: number;
  /** Start of the kernel's `plpar_hcall` and `plpar_hcall_norets`, through which all hypervisor calls go. */
  readonly hcalls?: readonly [withValues: bigint, withoutValues: bigint];
  /** Addresses of the `bl`s by which mobility.c calls these for a migration, see `call-sites.ts`. */
  readonly callSites?: readonly bigint[];
}

/**
 * Kernel entry of the external interrupt (vector 0x500 with relocation on, Power ISA 3.0B, book III, "AIL"). A CPU that makes no
 * calls reaches it.
 */
export const EXTERNAL_INTERRUPT = 0xc000_0000_0000_4500n;

/** Number of values that `plpar_hcall` stores: r4 to r7 (hvcall.h, PLPAR_HCALL_BUFSIZE). */
const HCALL_VALUES = 4;

/**
 * Answers a hypervisor call at its start, and returns to the caller. r3 holds the opcode. A call with values has the address of
 * its buffer in r4 and its arguments from r5; a call without values has its arguments from r4.
 * @param back address to continue at: lr at the start of the function, the next instruction at a call site
 * @returns whether the firmware implements the call; if not, nothing has changed
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
