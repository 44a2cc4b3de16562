import { EnvironmentError } from '../../base/index.ts';
import type { Tree } from '../../devicetree/index.ts';
import type { Machine } from '../qemu/machine.ts';
import { QemuProcess } from '../qemu/process.ts';
import type { Qemu } from '../setup/index.ts';
import { findCallSites, physicalAddress } from '../traps/call-sites.ts';
import type { GdbClient } from '../traps/gdb/index.ts';
import { Guest } from './guest.ts';
import { installTree } from './kernel-entry.ts';
import type { GuestFacts } from './snapshot.ts';

/** A guest that stands still (paused) with its agent listening, and what is known of it. */
export interface PausedGuest {
  readonly guest: Guest;
  readonly facts: GuestFacts;
  /** It was booted on this machine, not restored. */
  readonly isFresh: boolean;
}

/** From power-on to the agent's first answer, milliseconds; an emulated guest on a busy machine takes its time. */
const BOOT_TIMEOUT = 180_000;
/** Has a line `sched_clk : MILLISECONDS`: the clock by which the kernel's log goes. */
const CLOCK_FILE = '/sys/kernel/debug/sched/debug';
/** The last is a function of mobility.c. */
const SYMBOLS = ['plpar_hcall', 'plpar_hcall_norets', 'migration_store'] as const;

/**
 * Boots a guest from power-on, with the scenario's tree.
 * @throws EnvironmentError with the end of its console when it does not come up
 */
export async function powerOn(
  qemu: Qemu,
  machine: Machine,
  before: Tree,
  tokens: ReadonlyMap<string, number>,
  signal?: AbortSignal,
): Promise<PausedGuest> {
  signal?.throwIfAborted();
  const server = await QemuProcess.start(qemu, machine);
  const guest = new Guest(server);
  const abort = () => void guest.close();
  signal?.addEventListener('abort', abort);
  const ended = server.ended.then((words) => {
    throw new EnvironmentError(`QEMU ended while the guest booted: ${words}`);
  });
  try {
    const planted = await Promise.race([installTree(server.gdb, before, tokens), ended]);
    const paused = server.gdb.resume();
    await Promise.race([guest.agent.ready(BOOT_TIMEOUT), ended, paused]);
    const { output } = await guest.agent.run(
      `grep -h sched_clk ${CLOCK_FILE}; grep -E ' (${SYMBOLS.join('|')})$' /proc/kallsyms`,
    );
    const observed = await guest.agent.observeRaw();
    server.gdb.interrupt();
    await paused;
    const stoppedAt = Date.now();
    return {
      guest,
      isFresh: true,
      facts: {
        ...planted,
        observed,
        stoppedAt,
        ...(await parseFacts(server.gdb, output.toString('latin1'))),
      },
    };
  } catch (error) {
    await guest.close();
    signal?.throwIfAborted();
    const console = guest.consoleText.trimEnd().split('\n').slice(-15).join('\n');
    throw new EnvironmentError(`the guest does not boot: ${(error as Error).message}`, console, error);
  } finally {
    ended.catch(() => {});
    signal?.removeEventListener('abort', abort);
  }
}

/** What the guest said of its kernel's clock and symbols. */
async function parseFacts(
  gdb: GdbClient,
  text: string,
): Promise<Pick<GuestFacts, 'hcalls' | 'callSites' | 'uptime'>> {
  const uptime = Number(/^sched_clk\s*:\s*([\d.]+)$/m.exec(text)?.[1] ?? 0) / 1000;
  const addresses = SYMBOLS.map((symbol) => {
    const [, address] = new RegExp(`^([0-9a-f]{16}) [Tt] ${symbol}$`, 'm').exec(text) ?? [];
    return address === undefined ? undefined : BigInt(`0x${address}`);
  });
  const [withValues, withoutValues, ofMobility] = addresses;
  const callSites = ofMobility === undefined ? undefined : await findCallSites(gdb, ofMobility);
  return {
    uptime,
    ...(withValues !== undefined &&
      withoutValues !== undefined && {
        hcalls: [await localEntry(gdb, withValues), await localEntry(gdb, withoutValues)] as const,
      }),
    ...(callSites && { callSites }),
  };
}

/**
 * Where calls from within the kernel enter a function: behind the two instructions, if it has them, that find the table of
 * contents for calls from elsewhere (64-bit ELF V2 ABI, 2.3.2.1, "local entry point").
 * @param address in the kernel's linear mapping
 */
async function localEntry(gdb: GdbClient, address: bigint): Promise<bigint> {
  const code = await gdb.readMemory(physicalAddress(address), 8, true);
  const addis = code.readUInt16LE(2) === 0x3c4c; // addis r2,r12,…
  const addi = code.readUInt16LE(6) === 0x3842; // addi r2,r2,…
  return addis && addi ? address + 8n : address;
}
