import { hcalls } from '../../papr/index.ts';
import type { GdbClient } from './gdb/index.ts';

/** Largest distance between functions of one source file, bytes. */
const SEARCH_RADIUS = 0x8000n;
/** Largest number of instructions from the one that loads the opcode to the call. */
const MAX_GAP = 24;

/**
 * Finds where mobility.c makes the hypervisor calls H_VASI_STATE and H_VASI_SIGNAL: `li r3,OPCODE`, then a `bl` within a few
 * instructions. An inlined function occurs several times.
 * @param anchor address of a function of mobility.c in the kernel's linear mapping
 * @returns addresses of the `bl`s; `undefined` when one of the two calls is not found
 */
export async function findCallSites(gdb: GdbClient, anchor: bigint): Promise<readonly bigint[] | undefined> {
  const start = anchor > SEARCH_RADIUS ? anchor - SEARCH_RADIUS : anchor;
  const code = await gdb.readMemory(physicalAddress(start), Number(2n * SEARCH_RADIUS), true);
  const states = sitesIn(code, hcalls.H_VASI_STATE);
  const signals = sitesIn(code, hcalls.H_VASI_SIGNAL);
  if (states.length === 0 || signals.length === 0) return undefined;
  return [...states, ...signals].map((offset) => start + BigInt(offset));
}

/** Physical address of one in the kernel's linear mapping, which starts at 0xc000000000000000. */
export const physicalAddress = (address: bigint) => address & 0x0fff_ffff_ffff_ffffn;

function sitesIn(code: Buffer, opcode: number): number[] {
  const load = 0x3860_0000 + opcode; // li r3,opcode
  const found: number[] = [];
  for (let at = 0; at < code.length; at += 4) {
    if (code.readUInt32LE(at) !== load) continue;
    const end = Math.min(at + 4 * MAX_GAP, code.length);
    let next = at + 4;
    while (next < end && !isCall(code.readUInt32LE(next))) next += 4;
    if (next < end) found.push(next);
  }
  return found;
}

const isCall = (instruction: number) => (instruction & 0xfc00_0003) >>> 0 === 0x4800_0001;
