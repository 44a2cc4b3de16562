import { EnvironmentError } from '../../base/index.ts';
import type { Qmp } from './qmp.ts';

/**
 * A guest's whole state on its way out of a QEMU or into one (QEMU's "migration").
 *
 * Where it goes or comes from is a QEMU address: `unix:PATH`, `fd:N`.
 */
export interface Transfer {
  /** Resolves when all of it is over; the guest stands still then. @throws EnvironmentError when it fails */
  readonly finished: Promise<void>;
}

/** Begins to send; a running guest runs on until the last bytes go. */
export function sendState(qmp: Qmp, address: string): Promise<Transfer> {
  return begin(qmp, 'migrate', address);
}

/** Begins to receive, in a QEMU that was started to wait for a state. @returns when it listens */
export function receiveState(qmp: Qmp, address: string): Promise<Transfer> {
  return begin(qmp, 'migrate-incoming', address);
}

async function begin(qmp: Qmp, command: string, uri: string): Promise<Transfer> {
  await qmp.execute('migrate-set-capabilities', { capabilities: [{ capability: 'events', state: true }] });
  const finished = qmp
    .until(({ event, data }) => event === 'MIGRATION' && /^(completed|failed)$/.test(data?.status ?? ''))
    .then(({ data }) => {
      if (data?.status === 'failed')
        throw new EnvironmentError('QEMU could not hand over the state of the guest');
    });
  finished.catch(() => {}); // the caller may fail before it waits
  await qmp.execute(command, { uri });
  return { finished };
}
