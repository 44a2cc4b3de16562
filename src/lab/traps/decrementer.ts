import { type GdbClient, type Registers, registerNumbers } from './gdb/index.ts';

/** `mtdec r3` (mtspr 22,r3). */
const MTDEC_R3 = 0x7c7603a6;

/**
 * Makes the decrementer of a CPU expire immediately. All Linux timers depend on it.
 *
 * QEMU before 8.2 does not transfer the decrementer with the rest of a guest's state (upstream commit "target/ppc: Migrate DECR
 * SPR"). After a restore it does not run, the kernel waits for an interrupt that never comes, and every sleep lasts forever. An
 * additional timer interrupt is harmless: the kernel reads the time and sets the timer again.
 *
 * The instruction is written at the CPU's pc, executed in a single step, and replaced by the original. It is privileged; all
 * addresses of `TrapAddresses` are in privileged code.
 */
export async function startDecrementer(
  gdb: GdbClient,
  thread: string,
  { pc, r, littleEndian }: Registers,
): Promise<void> {
  const r3 = registerNumbers.r0 + 3;
  const code = Buffer.alloc(4);
  if (littleEndian) code.writeUInt32LE(MTDEC_R3);
  else code.writeUInt32BE(MTDEC_R3);
  const original = await gdb.readMemory(pc, code.length);
  await Promise.all([gdb.writeMemory(pc, code), gdb.writeRegister(r3, 1n, littleEndian)]);
  await gdb.step(thread);
  await Promise.all([
    gdb.writeMemory(pc, original),
    gdb.writeRegister(r3, r[3] ?? 0n, littleEndian),
    gdb.writeRegister(registerNumbers.pc, pc, littleEndian),
  ]);
}
