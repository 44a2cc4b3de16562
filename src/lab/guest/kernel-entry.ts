import { EnvironmentError } from '../../base/index.ts';
import { child, property, readDtb, type Tree, writeDtb } from '../../devicetree/index.ts';
import type { UnsupportedItem } from '../../partition/index.ts';
import { DOORBELL_ADDRESS } from '../qemu/machine.ts';
import { type GdbClient, type Registers, registerNumbers } from '../traps/gdb/index.ts';
import { assembleStub } from '../traps/rtas-stub.ts';
import { trappedTokens } from '../traps/rtas-trap.ts';
import { deviceTypePatches, type Patch } from './device-type-patch.ts';
import { graft, placeForBlob } from './graft.ts';

/** Facts about a guest whose tree was installed. */
export interface InstalledTree {
  /** Physical address of the flattened tree. */
  readonly address: number;
  /** The device_type patch of this flattened tree. */
  readonly patches: readonly Patch[];
  /** Parts of the scenario's tree that were not grafted. */
  readonly unsupported: readonly UnsupportedItem[];
  /** Physical address of the RTAS entry (`linux,rtas-entry`). */
  readonly rtasEntry: number;
}

/** Where QEMU loads a kernel. SLOF enters prom_init there; prom_init enters the kernel proper there. */
const LOAD_ADDRESS = 0x40_0000n;
/** Bytes of a flattened tree's header (v17). */
const HEADER_SIZE = 40;

/**
 * Runs a guest from power-on to the kernel's second entry (r5 = 0, r3 = address of the flattened tree that prom_init built),
 * and installs the scenario's tree and the RTAS stub there. The guest is paused afterwards.
 *
 * Not earlier, because SLOF removes nodes that were added to QEMU's tree, during ibm,client-architecture-support. And on the
 * tree of this boot, because `/chosen` contains addresses of this boot.
 * @param scenario the tree to be grafted
 * @param tokens   RTAS tokens of the firmware's functions, by function name
 * @throws EnvironmentError when the guest stops elsewhere, or did not instantiate RTAS
 */
export async function installTree(
  gdb: GdbClient,
  scenario: Tree,
  tokens: ReadonlyMap<string, number>,
): Promise<InstalledTree> {
  const registers = await runToSecondEntry(gdb);
  const r3 = registers.r[3] ?? 0n;
  const totalSize = (await gdb.readMemory(r3, HEADER_SIZE, true)).readUInt32BE(4);
  const boot = readDtb(await gdb.readMemory(r3, totalSize, true), { file: 'tree of the boot' });
  const { tree, unsupported } = graft(boot, scenario, tokens);
  const blob = writeDtb(tree);
  const address = placeForBlob(boot, blob.length);
  await gdb.writeMemory(BigInt(address), blob, true);
  await gdb.writeRegister(registerNumbers.r0 + 3, BigInt(address), registers.littleEndian);
  const rtasEntry = rtasEntryOf(boot);
  await installStub(gdb, rtasEntry, trappedTokens({ tokens }));
  return { address, patches: deviceTypePatches(tree, blob), unsupported, rtasEntry };
}

async function installStub(gdb: GdbClient, rtasEntry: number, tokens: readonly number[]): Promise<void> {
  const entry = BigInt(rtasEntry);
  const instruction = (await gdb.readMemory(entry, 4, true)).readUInt32BE();
  const stub = assembleStub(rtasEntry, instruction, tokens, DOORBELL_ADDRESS);
  await gdb.writeMemory(BigInt(stub.address), stub.code, true);
  await gdb.writeMemory(entry, stub.entry, true);
}

async function runToSecondEntry(gdb: GdbClient): Promise<Registers> {
  for (;;) {
    await gdb.setBreakpoint(LOAD_ADDRESS);
    const { thread } = await gdb.resume();
    await gdb.clearBreakpoint(LOAD_ADDRESS);
    const registers = await gdb.registers();
    if (registers.pc !== LOAD_ADDRESS)
      throw new EnvironmentError('the guest stopped before its kernel started');
    if (registers.r[5] === 0n) return registers;
    await gdb.step(thread);
  }
}

function rtasEntryOf(boot: Tree): number {
  const rtas = child(boot.root, 'rtas');
  const entry = rtas && property(rtas, 'linux,rtas-entry');
  if (entry?.value.length !== 4)
    throw new EnvironmentError('the guest has no linux,rtas-entry: its kernel did not instantiate RTAS');
  return Buffer.from(entry.value).readUInt32BE();
}
