import type { Duplex } from 'node:stream';
import {
  type Client,
  type ClientOutcome,
  type FileResult,
  findWarnings,
  type LogLine,
  type MigrationOutcome,
  type Observation,
  type Partition,
  type Platform,
  type ReferenceChange,
  type RunEvent,
  type UnsupportedItem,
} from '../../partition/index.ts';
import type { RawObservation } from '../agent/observation.ts';
import { consoleLog } from '../guest/console-log.ts';
import { applyPatches, type Patch, restoreDeviceTypes } from '../guest/device-type-patch.ts';
import type { Guest } from '../guest/guest.ts';
import type { TrapHandler } from '../traps/trap-handler.ts';
import { driverStates } from './driver-states.ts';
import { type LabEvent, logEvent } from './run-events.ts';
import { GuestLost, type ProgressWatchdog } from './watchdog.ts';

/** What a running guest consists of, see `bootLinux`. */
export interface LinuxParts {
  readonly guest: Guest;
  readonly trap: TrapHandler;
  readonly platform: Platform;
  /** What it looked like when it had booted; nobody has touched it since. */
  readonly observed: RawObservation;
  readonly unsupported: readonly UnsupportedItem[];
  /** Overwrites the flattened tree at this physical address before a migration: the policy is `detach`. */
  readonly deviceTypePatch?: { readonly address: number; readonly patches: readonly Patch[] };
  /** What happened to the guest; its makers add to it. */
  readonly events: LabEvent[];
  readonly watchdog: ProgressWatchdog;
}

/** The agent's own limit is set out of the way: `Patience` decides. */
const NO_TIMEOUT = 2 ** 31 - 1;

/** What one turn of a client may take, ms: it starts a process, which is dear under emulation. */
const CLIENT_TURN_TIME = 1000;

/** A partition that is a real Linux under QEMU. */
export class LinuxPartition implements Partition {
  readonly platform: Platform;
  /** What of the scenario's tree this machine cannot have. */
  readonly unsupported: readonly UnsupportedItem[];
  readonly #parts: LinuxParts;
  /** The partition's console (hvc0), with a shell at the other end. */
  readonly console: Duplex;
  /** Resolves when the guest's machine has ended, by itself or by `close`. */
  readonly ended: Promise<void>;
  #seen: RawObservation;
  /** Whether something was done in the guest that `#seen` does not show. */
  #touched = false;

  constructor(parts: LinuxParts) {
    this.#parts = parts;
    this.platform = parts.platform;
    this.unsupported = parts.unsupported;
    this.console = parts.guest.console;
    this.ended = parts.trap.ended.catch(() => {});
    this.#seen = parts.observed;
  }

  async readFiles(paths: readonly string[]): Promise<readonly FileResult<Uint8Array>[]> {
    if (paths.length === 0) return [];
    const read = await this.#orErrno(async () => ({
      ok: true,
      value: await this.#parts.guest.agent.read(paths, NO_TIMEOUT),
    }));
    return read.ok ? read.value : paths.map(() => read);
  }

  writeFile(path: string, bytes: Uint8Array): Promise<FileResult<number>> {
    return this.#orErrno(() => this.#parts.guest.agent.write(path, bytes, NO_TIMEOUT));
  }

  async migrate(stream: bigint, clients: readonly Client[]): Promise<MigrationOutcome> {
    const { guest, trap } = this.#parts;
    const outcomes: ClientOutcome[] = [];
    const times = clients.reduce((sum, client) => sum + client.times, 0);
    const written = await this.#orErrno(async () => {
      await this.expectMigrations();
      const handles = [];
      for (const client of clients) handles.push(await guest.agent.startClient(client));
      const order = Buffer.from(`0x${stream.toString(16)}\n`);
      const result = await guest.agent.write('/sys/kernel/mobility/migration', order, NO_TIMEOUT);
      for (const handle of handles) outcomes.push(await guest.agent.waitClient(handle, NO_TIMEOUT));
      await trap.watchHcalls(false);
      return result;
    }, times * CLIENT_TURN_TIME);
    // Of clients of a lost guest nothing is known.
    for (const { name, times } of clients.slice(outcomes.length)) {
      outcomes.push({ name, succeeded: 0, failed: written.ok ? {} : { [written.errno]: times } });
    }
    return { written, clients: outcomes };
  }

  /** From now on migrations that somebody in the partition starts go as they should; `migrate` does this itself. */
  async expectMigrations(): Promise<void> {
    this.#touched = true;
    const { deviceTypePatch, trap } = this.#parts;
    if (deviceTypePatch)
      await trap.whilePaused((gdb) => applyPatches(gdb, deviceTypePatch.address, deviceTypePatch.patches));
    await trap.watchHcalls(true);
  }

  async observe(): Promise<Observation> {
    try {
      const { guest, watchdog, deviceTypePatch } = this.#parts;
      if (this.#touched) {
        const raw = await watchdog.during(() => guest.agent.observeRaw(NO_TIMEOUT));
        this.#seen = deviceTypePatch ? { ...raw, tree: restoreDeviceTypes(raw.tree) } : raw;
      }
      return this.#observation();
    } catch (error) {
      if (!(error instanceof GuestLost)) throw error;
      this.#lose(error);
      return this.#observation([`/: ${error.message}; the tree and the devices are those seen before`]);
    }
  }

  events(): readonly RunEvent[] {
    const events = [...this.#parts.events, ...this.#seen.log.map(logEvent)];
    return events.sort((one, other) => one.seconds - other.seconds).map((event, id) => ({ id, ...event }));
  }

  /** Nobody sees a real kernel's counts. */
  ledger(): readonly ReferenceChange[] {
    return [];
  }

  async close(): Promise<void> {
    this.#parts.trap.close();
    await this.#parts.guest.close();
  }

  #observation(lost: readonly string[] = []): Observation {
    const { tree, devices, log, unread } = this.#seen;
    return {
      platform: this.platform,
      tree,
      unread: [...unread, ...lost],
      devices,
      log,
      warnings: findWarnings(log),
      drivers: driverStates(log, devices),
    };
  }

  /** A lost guest is an outcome: what was asked of it failed. Anything else that is thrown is not its fault. */
  async #orErrno<T>(work: () => Promise<FileResult<T>>, more = 0): Promise<FileResult<T>> {
    this.#touched = true;
    try {
      return await this.#parts.watchdog.during(work, more);
    } catch (error) {
      if (!(error instanceof GuestLost)) throw error;
      this.#lose(error);
      return { ok: false, errno: error.errno };
    }
  }

  /** What the kernel said last stands on the console only. */
  #lose(lost: GuestLost): void {
    const { events, guest } = this.#parts;
    const { log } = this.#seen;
    const last = log.at(-1)?.seconds ?? -1;
    const since: LogLine[] = consoleLog(guest.consoleText).filter(({ seconds }) => seconds > last);
    this.#seen = { ...this.#seen, log: [...log, ...since] };
    if (events.some(({ kind }) => kind === 'lost')) return;
    const seconds = this.#seen.log.at(-1)?.seconds ?? 0;
    events.push({ seconds, lane: 'log', kind: 'lost', text: lost.message });
  }
}
