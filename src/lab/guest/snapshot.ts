import { createWriteStream, readdirSync, statSync } from 'node:fs';
import { type FileHandle, open, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type Tree, writeDtb } from '../../devicetree/index.ts';
import type { RawObservation } from '../agent/observation.ts';
import { resendInterrupts } from '../qemu/interrupts.ts';
import { bootArguments, type Machine, machineArguments } from '../qemu/machine.ts';
import { QemuProcess } from '../qemu/process.ts';
import { receiveState, sendState } from '../qemu/state-transfer.ts';
import { fileVersion, shortHash, writeAtomically } from '../setup/cache.ts';
import type { Qemu } from '../setup/index.ts';
import type { TrapAddresses } from '../traps/hcall-trap.ts';
import type { InstalledTree } from './kernel-entry.ts';

/** What has to be known of a guest to go on with it; kept beside its state. */
export interface GuestFacts extends InstalledTree, Pick<TrapAddresses, 'hcalls' | 'callSites'> {
  /** What it looked like before it was stopped. */
  readonly observed: RawObservation;
  /** When it was stopped, by the clock of its log, seconds. */
  readonly uptime: number;
  /** The same moment by the host's clock, milliseconds since the epoch. */
  readonly stoppedAt: number;
}

/** Change it when a kept guest of today cannot be used by the code of tomorrow, such as by another agent's. */
const FORMAT = 4;

/** Guests that are kept, of 50 MB each; every tree and every machine has its own. */
const MAX_SNAPSHOTS = 16;

/** Name of the snapshot for all that determines a guest: emulator, machine, kernel, agent, tree, functions. */
export function snapshotKey(
  qemu: Qemu,
  machine: Machine,
  tree: Tree,
  tokens: ReadonlyMap<string, number>,
): string {
  return shortHash(
    JSON.stringify([
      ...[FORMAT, qemu.version, machineArguments(machine), bootArguments(machine)],
      ...[fileVersion(machine.image), [...tokens]],
    ]),
    writeDtb(tree),
  );
}

export class SnapshotStore {
  readonly #cache: string;

  constructor(cache: string) {
    this.#cache = cache;
  }

  folder(key: string): string {
    return join(this.#cache, 'snapshots', key);
  }

  /**
   * Starts a QEMU with a kept guest, standing still where it was stopped.
   * @returns `undefined` when there is none, or none that QEMU takes
   */
  async restore(
    key: string,
    qemu: Qemu,
    machine: Machine,
  ): Promise<{ readonly server: QemuProcess; readonly facts: GuestFacts } | undefined> {
    let state: FileHandle;
    let facts: GuestFacts;
    try {
      facts = decodeFacts(await readFile(join(this.folder(key), 'facts.json'), 'utf8'));
      state = await open(join(this.folder(key), 'state'));
      const now = new Date();
      await utimes(this.folder(key), now, now);
    } catch {
      return undefined;
    }
    try {
      const server = await QemuProcess.start(qemu, machine, state.fd);
      try {
        const { finished } = await receiveState(server.qmp, 'fd:3');
        await finished;
        await resendInterrupts(server.gdb, machine);
        return { server, facts };
      } catch {
        await server.kill(); // a snapshot that does not fit is as good as none: the guest is booted anew
        return undefined;
      }
    } finally {
      await state.close();
    }
  }

  /** Keeps a guest that stands still (paused, not at a breakpoint); it can go on afterwards. */
  async save(key: string, server: QemuProcess, facts: GuestFacts): Promise<void> {
    await writeAtomically(this.#cache, this.folder(key), async (scratch) => {
      const address = join(server.folder, 'snapshot');
      const listener = createServer();
      const written = new Promise<void>((done, failed) => {
        listener.once('connection', (socket: Socket) => {
          pipeline(socket, createWriteStream(join(scratch, 'state'), { mode: 0o600 })).then(done, failed);
        });
      });
      try {
        await new Promise<void>((done, failed) => listener.once('error', failed).listen(address, done));
        const { finished } = await sendState(server.qmp, `unix:${address}`);
        await Promise.all([finished, written]);
      } finally {
        listener.close();
      }
      await writeFile(join(scratch, 'facts.json'), encodeFacts(facts));
      return undefined;
    });
    await removeLeastRecentlyUsed(join(this.#cache, 'snapshots'), MAX_SNAPSHOTS);
  }
}

/** Removes all but so many of a folder's folders: those that were not used (changed or touched) for longest. */
export async function removeLeastRecentlyUsed(folder: string, most: number): Promise<void> {
  const used = (name: string) => statSync(join(folder, name), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const all = readdirSync(folder).map((name) => ({ name, used: used(name) }));
  all.sort((one, other) => other.used - one.used);
  for (const { name } of all.slice(most)) await rm(join(folder, name), { recursive: true, force: true });
}

/** Bytes as `{"hex": …}`, addresses as `{"address": …}`. */
function encodeFacts(facts: GuestFacts): string {
  const encode = (_name: string, value: unknown) => {
    if (typeof value === 'bigint') return { address: value.toString(16) };
    return value instanceof Uint8Array ? { hex: Buffer.from(value).toString('hex') } : value;
  };
  return JSON.stringify(facts, encode);
}

function decodeFacts(text: string): GuestFacts {
  const decode = (_name: string, value: { readonly hex?: string; readonly address?: string } | null) => {
    if (typeof value?.address === 'string') return BigInt(`0x${value.address}`);
    return typeof value?.hex === 'string' ? new Uint8Array(Buffer.from(value.hex, 'hex')) : value;
  };
  return JSON.parse(text, decode) as GuestFacts;
}
