/**
 * Registers of a CPU, from QEMU's `g` packet for 64-bit PowerPC (power64-core.xml, QEMU 7.2): r0–r31, pc and msr of 8 bytes each,
 * cr of 4, lr and ctr of 8. Their byte order is the CPU's current endianness.
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

/** Numbers of registers in the `P` packet. */
export const registerNumbers = { r0: 0, pc: 64 } as const;

const PC_OFFSET = 32 * 8;
const MSR_OFFSET = PC_OFFSET + 8;
const LR_OFFSET = MSR_OFFSET + 8 + 4;

/** @param bytes of a `g` packet. @throws Error when it is too short */
export function decodeRegisters(bytes: Buffer): Registers {
  if (bytes.length < LR_OFFSET + 8)
    throw new Error(`gdb stub: ${bytes.length} bytes of registers instead of at least ${LR_OFFSET + 8}`);
  // MSR.LE is the lowest bit. Little-endian it is in the first byte; in a big-endian MSR that bit is reserved and 0.
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

/** Encodes a 64-bit word in the CPU's byte order. */
export function encodeWord(value: bigint, littleEndian: boolean): Buffer {
  const bytes = Buffer.alloc(8);
  const unsigned = BigInt.asUintN(64, value);
  if (littleEndian) bytes.writeBigUInt64LE(unsigned);
  else bytes.writeBigUInt64BE(unsigned);
  return bytes;
}
