import { join } from 'node:path';
import type { Qemu } from '../setup/index.ts';
import { resendInterrupts } from './interrupts.ts';
import type { Machine } from './machine.ts';
import { QemuProcess } from './process.ts';
import { receiveState, sendState } from './state-transfer.ts';

/** A completed move of a guest to another server. */
export interface Move {
  /** The destination. */
  readonly server: QemuProcess;
  /** Bytes of memory and device state that were transferred. */
  readonly bytes: number;
  /** From the start of the destination to the end of the transfer. */
  readonly milliseconds: number;
}

/**
 * Moves a guest that waits in `ibm,suspend-me` to another QEMU, as a live partition migration does. The guest is running during
 * the move, but its only active CPU waits in the RTAS stub. At the destination the guest is paused.
 * @param machine the machine of both servers
 * @throws EnvironmentError when QEMU does not start or the transfer fails
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
