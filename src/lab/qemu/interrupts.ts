import type { GdbClient } from '../traps/gdb/index.ts';
import type { Machine } from './machine.ts';

/** Physical address of the event state buffers (ESB) of pseries' XIVE interrupt sources (QEMU, hw/intc/spapr_xive.c). */
const ESB_BASE = 0x6_0100_0000_0000n;
/** Each source has two pages of 64 KiB. A store to the first triggers it; loads from the second read and change its state. */
const PAGE_SHIFT = 16n;
/** Offsets in the second page. A load returns the bits P (sent, not handled yet) and Q; the second one also clears them. */
const LOAD_PQ = 0x800n;
const CLEAR_PQ = 0xc00n;
/** Bit P. */
const PENDING = 2;
/** Q without P: the source is not enabled. */
const OFF = 1;

/** Interrupt sources of firmware events and of the consoles hvc0 and hvc1 (QEMU, spapr_irq.h). */
const DEVICE_SOURCES = [0x1000, 0x1001, 0x11f0, 0x11f1];

/**
 * Triggers again the interrupts that were pending when a guest's state was saved, and one inter-processor interrupt (IPI) to
 * each CPU.
 *
 * QEMU transfers the state of the interrupt controller, but not a CPU's `pending_interrupts` (observed in 7.2). Such a CPU never
 * takes its interrupt. The source stays in the state "sent" and sends no other, so CPUs that send an IPI to this one wait
 * forever. It happens when a CPU gets an IPI just as it enters H_JOIN, where interrupts are disabled.
 *
 * The IPI makes idle CPUs reach an address where their decrementers are restarted (`trap-handler.ts`).
 *
 * An additional interrupt is harmless: the kernel finds no work. The older interrupt controller (XICS) has no such buffers;
 * there, these loads and stores have no effect.
 * @param gdb client of a paused guest whose state has just been restored
 */
export async function resendInterrupts(gdb: GdbClient, { cpus }: Pick<Machine, 'cpus'>): Promise<void> {
  const ipis = Array.from({ length: cpus }, (_, cpu) => cpu); // sources 0, 1, …: one for each CPU
  await Promise.all([
    ...ipis.map((source) => resend(gdb, source, (state) => state !== OFF)),
    ...DEVICE_SOURCES.map((source) => resend(gdb, source, (state) => (state & PENDING) !== 0)),
  ]);
}

async function resend(gdb: GdbClient, source: number, when: (state: number) => boolean): Promise<void> {
  const triggers = ESB_BASE + ((2n * BigInt(source)) << PAGE_SHIFT);
  const states = triggers + (1n << PAGE_SHIFT);
  const state = Number((await gdb.readMemory(states + LOAD_PQ, 8, true)).readBigUInt64BE());
  if (!when(state)) return;
  await gdb.readMemory(states + CLEAR_PQ, 8, true);
  await gdb.writeMemory(triggers, Buffer.alloc(8), true);
}
