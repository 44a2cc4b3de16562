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

/** A paused guest whose agent has answered, and facts about it. */
export interface PausedGuest {
  readonly guest: Guest;
  /** What was read from it, or from its snapshot. */
  readonly facts: GuestFacts;
  /** Whether it was booted by this QEMU, not restored. */
  readonly isFresh: boolean;
}

/** From power-on to the agent's first answer, milliseconds; usually 10 s. */
const BOOT_TIMEOUT = 180_000;
/** Has a line `sched_clk : MILLISECONDS`: the clock of the kernel log. */
const CLOCK_FILE = '/sys/kernel/debug/sched/debug';
/** Kernel functions whose addresses are needed. The last one is in mobility.c. */
const SYMBOLS = ['plpar_hcall', 'plpar_hcall_norets', 'migration_store'] as const;

/**
 * Boots a guest from power-on, with the scenario's tree.
 * @param before the tree to be grafted
 * @param tokens RTAS tokens of the firmware's functions, by function name
 * @throws EnvironmentError when it does not boot; the hint is the end of its console output
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
    const installed = await Promise.race([installTree(server.gdb, before, tokens), ended]);
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
        ...installed,
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

/** @param text what the guest printed about its kernel's clock and symbols */
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
 * The local entry point of a function (64-bit ELF V2 ABI, 2.3.2.1), which calls from within the kernel use. It follows the two
 * instructions that set up r2, if the function has them.
 * @param address of the function's first instruction, in the kernel's linear mapping
 */
async function localEntry(gdb: GdbClient, address: bigint): Promise<bigint> {
  const code = await gdb.readMemory(physicalAddress(address), 8, true);
  const addis = code.readUInt16LE(2) === 0x3c4c; // addis r2,r12,…
  const addi = code.readUInt16LE(6) === 0x3842; // addi r2,r2,…
  return addis && addi ? address + 8n : address;
}
