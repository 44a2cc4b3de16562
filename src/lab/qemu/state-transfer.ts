import { EnvironmentError } from '../../base/index.ts';
import type { Qmp } from './qmp.ts';

/** The transfer of a guest's complete state out of a QEMU or into one (QEMU calls it migration). */
export interface Transfer {
  /** Resolves when the transfer is complete; the guest is paused then. Rejects with EnvironmentError when it fails. */
  readonly finished: Promise<void>;
}

/**
 * Starts to send the state. A running guest continues until the last bytes are sent.
 * @param address destination, a QEMU address: `unix:PATH`
 */
export function sendState(qmp: Qmp, address: string): Promise<Transfer> {
  return begin(qmp, 'migrate', address);
}

/**
 * Starts to receive a state, in a QEMU that was started for it. Resolves when QEMU listens.
 * @param address source, a QEMU address: `unix:PATH`, `fd:N`
 */
export function receiveState(qmp: Qmp, address: string): Promise<Transfer> {
  return begin(qmp, 'migrate-incoming', address);
}

async function begin(qmp: Qmp, command: string, uri: string): Promise<Transfer> {
  await qmp.execute('migrate-set-capabilities', { capabilities: [{ capability: 'events', state: true }] });
  const finished = qmp
    .until(({ event, data }) => event === 'MIGRATION' && /^(completed|failed)$/.test(data?.status ?? ''))
    .then(({ data }) => {
      if (data?.status === 'failed')
        throw new EnvironmentError('QEMU could not transfer the state of the guest');
    });
  finished.catch(() => {}); // the caller may fail before it awaits it
  await qmp.execute(command, { uri });
  return { finished };
}
