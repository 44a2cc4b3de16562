import { type GdbClient, type Registers, registerNumbers } from './gdb/index.ts';

/** `mtdec r3` (mtspr 22,r3). */
const MTDEC_R3 = 0x7c7603a6;

/**
 * Lets a CPU's decrementer, the timer behind all of Linux's timers, run off at once.
 *
 * QEMU before 8.2 does not hand the decrementer over with the rest of a guest's state (upstream: "target/ppc: Migrate DECR
 * SPR"): on arrival it stands still, the kernel waits for an interrupt that never comes, and every sleep lasts for ever.
 * One interrupt too early, on the other hand, is nothing to a kernel: it looks at the time and sets the timer anew.
 *
 * The instruction is put where the CPU stands, stepped over, and taken away again. Privileged state is needed: the kernel's
 * doors have it, and RTAS.
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
