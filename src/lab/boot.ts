import { EnvironmentError } from '../base/index.ts';
import type { Tree } from '../devicetree/index.ts';
import type { Firmware } from '../firmware/index.ts';
import { type RtasTraceEntry, traceRtas } from '../papr/index.ts';
import { disguiseConnectors } from './disguise.ts';
import { GuestClock } from './guest-clock.ts';
import { buildInitramfs } from './initramfs/index.ts';
import { LinuxPartition } from './linux.ts';
import { type Machine, threadsOf } from './machine.ts';
import { GuestLost, Patience } from './patience.ts';
import { choosePolicy, type LabPolicy } from './policy.ts';
import { moveEvent, refusedEvent, rtasEvent } from './run-events.ts';
import {
  cacheFolder,
  cleanLeftovers,
  describeLeftover,
  ensureKernel,
  findQemu,
  type Kernel,
  type Qemu,
} from './setup/index.ts';
import { stand } from './stand.ts';
import { Trap } from './trap.ts';
import { moveToSecondServer } from './two-servers.ts';
import { withoutWaits } from './waits.ts';

export interface BootOptions {
  /** `debian:6.1`, `debian:6.12`, or the path of a ppc64le vmlinux. */
  readonly kernel: string;
  /** Folder of a path's modules. */
  readonly modules?: string;
  /** The tree that is grafted onto the machine's. */
  readonly before: Tree;
  readonly firmware: Firmware;
  /** How deletes and adds of platform-facilities are treated; absent: as the kernel does of its own. */
  readonly policy?: LabPolicy;
  /** 1 unless told. */
  readonly cpus?: number;
  /** 2: the guest really moves to another QEMU when it suspends. */
  readonly servers?: 1 | 2;
  /** Slab poisoning. */
  readonly poison?: boolean;
  /** `false`: boot from power-on, and keep nothing. */
  readonly snapshot?: boolean;
  /** Gets every RTAS call that the firmware answered, as it happens. */
  readonly trace?: (entry: RtasTraceEntry) => void;
  readonly signal?: AbortSignal;
  /** Gets one line for each step that takes a while. */
  readonly progress?: (text: string) => void;
  /** Default: `cacheFolder()`. */
  readonly cache?: string;
  /** Milliseconds without a sign of life after which the guest counts as hanging; 60 000 unless told. */
  readonly patience?: number;
}

/** Refusals that are told one by one. */
const mostTold = 5;

/**
 * Boots an unmodified Linux under QEMU with a scenario's tree, before a firmware; or takes up a guest that was kept when it
 * had just booted, if there is one of the same kernel, machine and tree.
 * @throws EnvironmentError when something the lab needs is missing, or the guest does not boot
 */
export async function bootLinux(options: BootOptions): Promise<LinuxPartition> {
  const { firmware, signal, cache = cacheFolder(), progress = () => {} } = options;
  signal?.throwIfAborted();
  for (const leftover of await cleanLeftovers(cache)) progress(describeLeftover(leftover));
  const [qemu, kernel] = await Promise.all([findQemu(), findKernel(options, cache)]);
  const policy = choosePolicy(kernel.release, options.policy);
  const machine: Machine = {
    image: kernel.image,
    initramfs: await buildInitramfs(kernel, cache),
    cpus: options.cpus ?? 1,
    poison: options.poison ?? false,
  };
  const { guest, facts, isFresh } = await stand(options, qemu, machine, cache);

  const events = facts.refused.map(refusedEvent);
  for (const { text } of events.slice(0, mostTold)) progress(text);
  if (events.length > mostTold) progress(`… and ${events.length - mostTold} more`);
  const clock = new GuestClock(facts.uptime, facts.stoppedAt);
  const traced: Firmware = {
    ...traceRtas(firmware, (entry) => {
      events.push(rtasEvent(clock.now(), entry));
      options.trace?.(entry);
    }),
    hcall: withoutWaits(firmware).hcall,
  };
  const threads = threadsOf(machine);
  const atDoor = policy.disguised ? disguiseConnectors(traced) : traced;
  const trap = new Trap(guest.server, facts, atDoor, isFresh ? [] : threads);
  guest.onBell = () => trap.ring();
  if (options.servers === 2) {
    trap.onSuspended = async () => {
      const move = await moveToSecondServer(qemu, machine, guest.server);
      trap.moveTo(move.server, threads);
      await guest.moveTo(move.server);
      events.push(moveEvent(clock.now(), move));
    };
  }

  const patience = new Patience(options.patience ?? 60_000);
  trap.onProgress = () => patience.progress();
  guest.onConsole = () => {
    if (guest.panic !== undefined)
      patience.giveUp(new GuestLost('EHOSTDOWN', `the guest is dead: ${guest.panic}`));
  };
  trap.ended.catch((error: Error) => {
    const isGuests = error instanceof EnvironmentError;
    patience.giveUp(isGuests ? new GuestLost('EHOSTDOWN', `the guest is dead: ${error.message}`) : error);
  });
  const partition = new LinuxPartition({
    guest,
    trap,
    platform: {
      kind: 'linux',
      release: kernel.release,
      policy: policy.name,
      description: describe(qemu, kernel, options),
    },
    seen: facts.seen,
    refused: facts.refused,
    ...(policy.disguised && { disguise: { address: facts.address, patches: facts.patches } }),
    events,
    patience,
  });
  const abort = () => {
    patience.giveUp(signal?.reason as Error);
    void partition.close();
  };
  if (signal?.aborted) {
    await partition.close();
    throw signal.reason;
  }
  signal?.addEventListener('abort', abort, { once: true });
  // One signal may see hundreds of guests come and go; it must not keep them.
  void partition.ended.then(() => signal?.removeEventListener('abort', abort));
  return partition;
}

function findKernel({ kernel, modules, progress }: BootOptions, cache: string): Promise<Kernel> {
  return ensureKernel(kernel, {
    cache,
    onProgress: ({ text }) => progress?.(text),
    ...(modules !== undefined && { modules }),
  });
}

function describe(
  qemu: Qemu,
  kernel: Kernel,
  { cpus = 1, servers = 1, poison = false }: BootOptions,
): string {
  return [
    `QEMU ${qemu.version}`,
    `${kernel.name} (${kernel.origin})`,
    `${cpus} CPU${cpus === 1 ? '' : 's'}`,
    ...(servers === 2 ? ['2 servers'] : []),
    ...(poison ? ['slab poisoning'] : []),
  ].join(', ');
}
