import type { BootOptions } from './boot.ts';
import { Guest } from './guest.ts';
import type { Machine } from './machine.ts';
import { powerOn, type Standing } from './power-on.ts';
import { type Qemu, withLock } from './setup/index.ts';
import { SnapshotStore, snapshotKey } from './snapshot.ts';

/**
 * A guest that has just booted and stands still: one that was kept, if there is any, else one from power-on, which is kept.
 *
 * Two processes that want the same guest do not boot it both: one waits, and takes up what the other kept.
 */
export async function stand(
  options: BootOptions,
  qemu: Qemu,
  machine: Machine,
  cache: string,
): Promise<Standing> {
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
      const standing = await boot();
      // Without a door that each CPU comes by, its decrementer could not be started after a restore.
      if (!standing.facts.hcalls) return standing;
      try {
        await store.save(key, standing.guest.server, standing.facts);
        return standing;
      } catch (error) {
        await standing.guest.close();
        throw error;
      }
    },
    (pid) => progress(`wait for process ${pid}, which boots the same guest`),
  );
}
