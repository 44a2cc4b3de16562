/**
 * The registers that the trap needs, in QEMU's `g` packet for 64-bit PowerPC (power64-core.xml, QEMU 7.2): r0–r31, pc and
 * msr of 8 bytes, cr of 4, lr and ctr of 8. Their bytes follow the endianness that the CPU is in at the moment.
 */
export interface Registers {
  /** r0 to r31. */
  readonly r: readonly bigint[];
  readonly pc: bigint;
  readonly msr: bigint;
  readonly lr: bigint;
  /** Whether the CPU is in little-endian mode (MSR.LE). */
  readonly littleEndian: boolean;
}

/** Numbers of single registers, for the `P` packet. */
export const registerNumbers = { r0: 0, pc: 64 } as const;

const PC_OFFSET = 32 * 8;
const MSR_OFFSET = PC_OFFSET + 8;
const LR_OFFSET = MSR_OFFSET + 8 + 4;

export function decodeRegisters(bytes: Buffer): Registers {
  if (bytes.length < LR_OFFSET + 8) throw new Error(`gdb stub gave ${bytes.length} bytes of registers`);
  // MSR.LE is the lowest bit: of the first byte when swapped; the same bit of a big-endian MSR's first byte is reserved.
  const littleEndian = ((bytes[MSR_OFFSET] ?? 0) & 1) === 1;
  const read = (at: number) => (littleEndian ? bytes.readBigUInt64LE(at) : bytes.readBigUInt64BE(at));
  return {
    r: Array.from({ length: 32 }, (_, number) => read(number * 8)),
    pc: read(PC_OFFSET),
    msr: read(MSR_OFFSET),
    lr: read(LR_OFFSET),
    littleEndian,
  };
}

/** A 64-bit word as the CPU has it in a register or in memory. */
export function encodeWord(value: bigint, littleEndian: boolean): Buffer {
  const bytes = Buffer.alloc(8);
  const unsigned = BigInt.asUintN(64, value);
  if (littleEndian) bytes.writeBigUInt64LE(unsigned);
  else bytes.writeBigUInt64BE(unsigned);
  return bytes;
}
