import type { GdbClient } from '../traps/gdb/index.ts';
import type { Machine } from './machine.ts';

/** Where pseries has the event state buffers (ESB) of its XIVE interrupt sources (QEMU, hw/intc/spapr_xive.c). */
const ESB_BASE = 0x6_0100_0000_0000n;
/** Each source has two pages of 64 KiB: a store in the first triggers it, loads from the second look and change. */
const PAGE_SHIFT = 16n;
/** Offsets in the second page: a load there tells the two bits P (sent, not handled yet) and Q, and clears them too. */
const LOAD_PQ = 0x800n;
const CLEAR_PQ = 0xc00n;
const PENDING = 2;
/** Q alone: nobody has asked for this source. */
const OFF = 1;

/** Sources of this machine's firmware events, and of the consoles of kernel and agent (QEMU, spapr_irq.h). */
const DEVICE_SOURCES = [0x1000, 0x1001, 0x11f0, 0x11f1];

/**
 * Sends once more the interrupts that were on their way when a guest's state was taken, and one to each CPU of several.
 *
 * QEMU hands over that the interrupt controller has one for a CPU, but not that the CPU has been told (`pending_interrupts`
 * is no part of its state; seen in 7.2). Such a CPU never hears of it; and as the interrupt counts as sent until it has been
 * handled, none of that source ever comes again: other CPUs that call this one wait for ever. It strikes when a CPU
 * is called just as it enters H_JOIN, where it takes no interrupts.
 *
 * Each CPU gets one of its own, that the idle ones too come by a door where their decrementers can be started (`trap.ts`).
 *
 * An interrupt too many is nothing to a kernel: it looks for work and finds none. Under the older controller (XICS) there
 * are no such buffers, and loads and stores there do nothing.
 * @param gdb of a guest that has arrived and stands still
 */
export async function resendInterrupts(gdb: GdbClient, { cpus }: Pick<Machine, 'cpus'>): Promise<void> {
  const calls = Array.from({ length: cpus }, (_, cpu) => cpu); // by which CPUs call each other, one for each
  await Promise.all([
    ...calls.map((source) => resend(gdb, source, (state) => state !== OFF)),
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
