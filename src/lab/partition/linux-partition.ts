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

/** Parts of a running guest, see `bootLinux`. */
export interface LinuxParts {
  readonly guest: Guest;
  readonly trap: TrapHandler;
  readonly platform: Platform;
  /** State of the guest when it had booted. No request has changed it since. */
  readonly observed: RawObservation;
  readonly unsupported: readonly UnsupportedItem[];
  /** The device_type patch and the physical address of the flattened tree, if a migration needs the patch. */
  readonly deviceTypePatch?: { readonly address: number; readonly patches: readonly Patch[] };
  /** Events of the run so far. `bootLinux` adds RTAS calls and moves as they occur. */
  readonly events: LabEvent[];
  readonly watchdog: ProgressWatchdog;
}

/** Timeout of the agent's requests, milliseconds: practically none, because the watchdog limits them. */
const NO_TIMEOUT = 2 ** 31 - 1;

/** Time limit for one turn of a client, milliseconds. A turn starts a process, which is slow under emulation. */
const CLIENT_TURN_TIME = 1000;

/** A partition that is a real Linux under QEMU. */
export class LinuxPartition implements Partition {
  readonly platform: Platform;
  /** Parts of the scenario's tree that this machine does not support. */
  readonly unsupported: readonly UnsupportedItem[];
  readonly #parts: LinuxParts;
  /** The partition's console (hvc0), with a shell. */
  readonly console: Duplex;
  /** Resolves when the guest's machine has ended. */
  readonly ended: Promise<void>;
  #observed: RawObservation;
  /** Whether requests may have changed the guest since `#observed`. */
  #changed = false;

  constructor(parts: LinuxParts) {
    this.#parts = parts;
    this.platform = parts.platform;
    this.unsupported = parts.unsupported;
    this.console = parts.guest.console;
    this.ended = parts.trap.ended.catch(() => {});
    this.#observed = parts.observed;
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
    // Results of clients in a lost guest are unknown: all their turns count as failed.
    for (const { name, times } of clients.slice(outcomes.length)) {
      outcomes.push({ name, succeeded: 0, failed: written.ok ? {} : { [written.errno]: times } });
    }
    return { written, clients: outcomes };
  }

  /** Prepares the partition for migrations that a user starts on its console. `migrate` does this itself. */
  async expectMigrations(): Promise<void> {
    this.#changed = true;
    const { deviceTypePatch, trap } = this.#parts;
    if (deviceTypePatch)
      await trap.whilePaused((gdb) => applyPatches(gdb, deviceTypePatch.address, deviceTypePatch.patches));
    await trap.watchHcalls(true);
  }

  async observe(): Promise<Observation> {
    try {
      const { guest, watchdog, deviceTypePatch } = this.#parts;
      if (this.#changed) {
        const raw = await watchdog.during(() => guest.agent.observeRaw(NO_TIMEOUT));
        this.#observed = deviceTypePatch ? { ...raw, tree: restoreDeviceTypes(raw.tree) } : raw;
      }
      return this.#observation();
    } catch (error) {
      if (!(error instanceof GuestLost)) throw error;
      this.#lose(error);
      return this.#observation([
        `/: ${error.message}; tree and devices are those of the previous observation`,
      ]);
    }
  }

  events(): readonly RunEvent[] {
    const events = [...this.#parts.events, ...this.#observed.log.map(logEvent)];
    return events.sort((one, other) => one.seconds - other.seconds).map((event, id) => ({ id, ...event }));
  }

  /** Empty: reference counts of a real kernel are not observable. */
  ledger(): readonly ReferenceChange[] {
    return [];
  }

  async close(): Promise<void> {
    this.#parts.trap.close();
    await this.#parts.guest.close();
  }

  #observation(lost: readonly string[] = []): Observation {
    const { tree, devices, log, unread } = this.#observed;
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

  /**
   * Runs requests. A lost guest is a valid outcome, so it gives an errno; other errors are thrown.
   * @param extra milliseconds, see `ProgressWatchdog.during`
   */
  async #orErrno<T>(work: () => Promise<FileResult<T>>, extra = 0): Promise<FileResult<T>> {
    this.#changed = true;
    try {
      return await this.#parts.watchdog.during(work, extra);
    } catch (error) {
      if (!(error instanceof GuestLost)) throw error;
      this.#lose(error);
      return { ok: false, errno: error.errno };
    }
  }

  /** Records that the guest is lost. The kernel's last lines are on the console only. */
  #lose(lost: GuestLost): void {
    const { events, guest } = this.#parts;
    const { log } = this.#observed;
    const last = log.at(-1)?.seconds ?? -1;
    const since: LogLine[] = consoleLog(guest.consoleText).filter(({ seconds }) => seconds > last);
    this.#observed = { ...this.#observed, log: [...log, ...since] };
    if (events.some(({ kind }) => kind === 'lost')) return;
    const seconds = this.#observed.log.at(-1)?.seconds ?? 0;
    events.push({ seconds, lane: 'log', kind: 'lost', text: lost.message });
  }
}
