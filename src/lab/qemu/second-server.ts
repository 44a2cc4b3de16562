import { join } from 'node:path';
import type { Qemu } from '../setup/index.ts';
import { resendInterrupts } from './interrupts.ts';
import type { Machine } from './machine.ts';
import { QemuProcess } from './process.ts';
import { receiveState, sendState } from './state-transfer.ts';

/** How a guest came from one server to another. */
export interface Move {
  readonly server: QemuProcess;
  /** Bytes of memory and device state that went over. */
  readonly bytes: number;
  readonly milliseconds: number;
}

/**
 * Moves a guest that waits in `ibm,suspend-me` to another QEMU: a live partition migration. It runs while it moves, but on the
 * spot: its one CPU that is awake waits for the call to return.
 * @returns the destination, where the guest stands still
 */
export async function moveToSecondServer(qemu: Qemu, machine: Machine, source: QemuProcess): Promise<Move> {
  const start = performance.now();
  const destination = await QemuProcess.start(qemu, machine, 'socket');
  try {
    const address = `unix:${join(destination.folder, 'migration')}`;
    const incoming = await receiveState(destination.qmp, address);
    source.gdb.resume().catch(() => {}); // ends with this QEMU
    const outgoing = await sendState(source.qmp, address);
    await Promise.all([outgoing.finished, incoming.finished]);
    await resendInterrupts(destination.gdb, machine);
    const { ram } = (await source.qmp.execute('query-migrate')) as { ram?: { transferred?: number } };
    return {
      server: destination,
      bytes: ram?.transferred ?? 0,
      milliseconds: Math.round(performance.now() - start),
    };
  } catch (error) {
    await destination.kill();
    throw error;
  }
}
