import { EnvironmentError } from '../../base/index.ts';
import type { Firmware } from '../../firmware/index.ts';
import { type RtasTraceEntry, traceRtas } from '../../papr/index.ts';
import { buildInitramfs } from '../agent/initramfs/index.ts';
import { patchConnectors } from '../guest/device-type-patch.ts';
import { GuestClock } from '../guest/guest-clock.ts';
import { type GuestOptions, obtainPausedGuest } from '../guest/paused-guest.ts';
import { type Machine, threadsOf } from '../qemu/machine.ts';
import { moveToSecondServer } from '../qemu/second-server.ts';
import {
  cacheFolder,
  cleanLeftovers,
  describeLeftover,
  ensureKernel,
  findQemu,
  type Kernel,
  type Qemu,
} from '../setup/index.ts';
import { skipWaits } from '../traps/skip-waits.ts';
import { TrapHandler } from '../traps/trap-handler.ts';
import { LinuxPartition } from './linux-partition.ts';
import { choosePolicy, type LabPolicy } from './policy.ts';
import { moveEvent, rtasEvent, unsupportedEvent } from './run-events.ts';
import { GuestLost, ProgressWatchdog } from './watchdog.ts';

/** Options of `bootLinux`. */
export interface BootOptions extends GuestOptions {
  /** Folder of the modules of a kernel given by its path. */
  readonly modules?: string;
  /** What the kernel does with deletes and adds of platform-facilities. Default: what this kernel does unpatched. */
  readonly policy?: LabPolicy;
  /** Number of CPUs. Default: 1. */
  readonly cpus?: number;
  /** 2: the guest moves to a second QEMU when it suspends. Default: 1. */
  readonly servers?: 1 | 2;
  /** Slab poisoning (`slub_debug=FZPU`). Default: off. */
  readonly poison?: boolean;
  /** Called immediately after the firmware has answered an RTAS call. */
  readonly trace?: (entry: RtasTraceEntry) => void;
  /** Default: `cacheFolder()`. */
  readonly cache?: string;
  /** Milliseconds without progress after which the guest counts as hanging; longer on a loaded host. Default: 60 000. */
  readonly hangTimeout?: number;
}

/** Refusals that are reported one by one; the others are counted. */
const MAX_REPORTED_REFUSALS = 5;

/**
 * Boots an unmodified Linux under QEMU with a scenario's tree, connected to a firmware. If there is a snapshot of the same kernel,
 * machine and tree, it is restored instead.
 * @returns a running partition, to be closed by the caller
 * @throws EnvironmentError when the lab lacks something, or the guest does not boot
 * @throws InputError when there is no such kernel, or it does not support the policy
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
  const { guest, facts, isFresh } = await obtainPausedGuest(options, qemu, machine, cache);

  const events = facts.unsupported.map(unsupportedEvent);
  for (const { text } of events.slice(0, MAX_REPORTED_REFUSALS)) progress(text);
  if (events.length > MAX_REPORTED_REFUSALS) progress(`… and ${events.length - MAX_REPORTED_REFUSALS} more`);
  const clock = new GuestClock(facts.uptime, facts.stoppedAt);
  const traced: Firmware = {
    ...traceRtas(firmware, (entry) => {
      events.push(rtasEvent(clock.now(), entry));
      options.trace?.(entry);
    }),
    hcall: skipWaits(firmware).hcall,
  };
  const threads = threadsOf(machine);
  const guestFirmware = policy.patchesDeviceType ? patchConnectors(traced) : traced;
  const trap = new TrapHandler(guest.server, facts, guestFirmware, isFresh ? [] : threads);
  guest.onDoorbell = () => trap.handleDoorbell();
  if (options.servers === 2) {
    trap.onSuspended = async () => {
      const move = await moveToSecondServer(qemu, machine, guest.server);
      trap.moveTo(move.server, threads);
      await guest.moveTo(move.server);
      events.push(moveEvent(clock.now(), move));
    };
  }

  const watchdog = new ProgressWatchdog(options.hangTimeout ?? 60_000);
  trap.onProgress = () => watchdog.progress();
  guest.onConsole = () => {
    if (guest.panic !== undefined)
      watchdog.fail(new GuestLost('EHOSTDOWN', `the guest is dead: ${guest.panic}`));
  };
  trap.ended.catch((error: Error) => {
    const isGuestError = error instanceof EnvironmentError;
    watchdog.fail(isGuestError ? new GuestLost('EHOSTDOWN', `the guest is dead: ${error.message}`) : error);
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
    observed: facts.observed,
    unsupported: facts.unsupported,
    ...(policy.patchesDeviceType && { deviceTypePatch: { address: facts.address, patches: facts.patches } }),
    events,
    watchdog,
  });
  const abort = () => {
    watchdog.fail(signal?.reason as Error);
    void partition.close();
  };
  if (signal?.aborted) {
    await partition.close();
    throw signal.reason;
  }
  signal?.addEventListener('abort', abort, { once: true });
  // The signal may outlive hundreds of partitions and must not keep references to them.
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
