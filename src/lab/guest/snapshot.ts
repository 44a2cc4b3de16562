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

/** Facts about a guest that are needed to resume it; stored next to its state. */
export interface GuestFacts extends InstalledTree, Pick<TrapAddresses, 'hcalls' | 'callSites'> {
  /** What was observed before it was paused. */
  readonly observed: RawObservation;
  /** The clock of its kernel log when it was paused, seconds. */
  readonly uptime: number;
  /** The host's clock at that moment, milliseconds since the epoch. */
  readonly stoppedAt: number;
}

/** Increment it when new code cannot resume guests that old code saved. */
const FORMAT = 4;

/** Snapshots that are kept, 50 MB each. Every kernel, machine and tree has its own. */
const MAX_SNAPSHOTS = 16;

/** The name of a guest's snapshot: a hash of emulator, machine, kernel, agent, tree and RTAS functions. */
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

/** Saved guests, in the folder `snapshots` of the cache. */
export class SnapshotStore {
  readonly #cache: string;

  constructor(cache: string) {
    this.#cache = cache;
  }

  /** The folder of a snapshot; it need not exist. */
  folder(key: string): string {
    return join(this.#cache, 'snapshots', key);
  }

  /**
   * Starts a QEMU with a saved guest, which is paused.
   * @returns `undefined` when there is no such snapshot, or QEMU does not accept it
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
        await server.kill(); // the guest is booted from power-on instead
        return undefined;
      }
    } finally {
      await state.close();
    }
  }

  /** Saves a guest that is paused, but not by a breakpoint. It can be resumed afterwards. */
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

/**
 * Removes the folders in `folder` that were not used (their mtime) for longest.
 * @param kept number of folders that stay
 */
export async function removeLeastRecentlyUsed(folder: string, kept: number): Promise<void> {
  const used = (name: string) => statSync(join(folder, name), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const all = readdirSync(folder).map((name) => ({ name, used: used(name) }));
  all.sort((one, other) => other.used - one.used);
  for (const { name } of all.slice(kept)) await rm(join(folder, name), { recursive: true, force: true });
}

/** JSON with bytes as `{"hex": …}` and addresses as `{"address": …}`. */
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
