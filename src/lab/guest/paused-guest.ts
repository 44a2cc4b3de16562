import type { Tree } from '../../devicetree/index.ts';
import type { Firmware } from '../../firmware/index.ts';
import type { Machine } from '../qemu/machine.ts';
import { type Qemu, withLock } from '../setup/index.ts';
import { Guest } from './guest.ts';
import { type PausedGuest, powerOn } from './power-on.ts';
import { SnapshotStore, snapshotKey } from './snapshot.ts';

/** What determines a guest, and how to obtain it. */
export interface GuestOptions {
  /** `debian:6.1`, `debian:6.12`, or the path of a ppc64le vmlinux. */
  readonly kernel: string;
  /** The tree that is grafted onto the machine's. */
  readonly before: Tree;
  /** Answers the guest's RTAS calls. */
  readonly firmware: Firmware;
  /** `false`: boot from power-on and save no snapshot. Default: `true`. */
  readonly snapshot?: boolean;
  /** Aborts booting; with `bootLinux`, also closes the partition. */
  readonly signal?: AbortSignal;
  /** Called with one line of text before each step that takes seconds. */
  readonly progress?: (text: string) => void;
}

/**
 * Returns a paused guest that has just booted: from its snapshot if there is one, else from power-on. A guest booted from
 * power-on is saved as a snapshot.
 *
 * When two processes need the same guest, one boots it and the other waits for the snapshot.
 */
export async function obtainPausedGuest(
  options: GuestOptions,
  qemu: Qemu,
  machine: Machine,
  cache: string,
): Promise<PausedGuest> {
  const { before, firmware, progress = () => {}, signal, snapshot = true } = options;
  const { tokens } = firmware;
  const boot = () => {
    progress(`boot ${options.kernel} from power-on`);
    return powerOn(qemu, machine, before, tokens, signal);
  };
  if (!snapshot) return boot();

  const store = new SnapshotStore(cache);
  const key = snapshotKey(qemu, machine, before, tokens);
  const restore = async () => {
    const found = await store.restore(key, qemu, machine);
    return found && { guest: new Guest(found.server), facts: found.facts, isFresh: false };
  };
  const kept = await restore();
  if (kept) return kept;
  return withLock(
    cache,
    `snapshot ${key}`,
    async () => {
      signal?.throwIfAborted();
      const keptMeanwhile = await restore();
      if (keptMeanwhile) return keptMeanwhile;
      const booted = await boot();
      // Without addresses that each CPU reaches, its decrementer could not be restarted after a restore.
      if (!booted.facts.hcalls) return booted;
      try {
        await store.save(key, booted.guest.server, booted.facts);
        return booted;
      } catch (error) {
        await booted.guest.close();
        throw error;
      }
    },
    (pid) => progress(`wait for process ${pid}: it boots the same guest`),
  );
}
