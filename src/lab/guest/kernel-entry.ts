import { EnvironmentError } from '../../base/index.ts';
import { child, property, readDtb, type Tree, writeDtb } from '../../devicetree/index.ts';
import type { UnsupportedItem } from '../../partition/index.ts';
import { DOORBELL_ADDRESS } from '../qemu/machine.ts';
import { type GdbClient, type Registers, registerNumbers } from '../traps/gdb/index.ts';
import { assembleStub } from '../traps/rtas-stub.ts';
import { trappedTokens } from '../traps/rtas-trap.ts';
import { deviceTypePatches, type Patch } from './device-type-patch.ts';
import { graft, placeForBlob } from './graft.ts';

/** What is known of a guest since it got its tree. */
export interface InstalledTree {
  /** Physical address of the flattened tree. */
  readonly address: number;
  readonly patches: readonly Patch[];
  readonly unsupported: readonly UnsupportedItem[];
  /** Physical address at which the kernel will enter RTAS. */
  readonly rtasEntry: number;
}

/** Where QEMU loads a kernel: SLOF enters it there as prom_init, prom_init a second time as the kernel proper. */
const LOAD_ADDRESS = 0x40_0000n;
const HEADER_SIZE = 40;

/**
 * Lets a guest that was just powered on run to the kernel's second entry (r5 = 0, r3 = address of the flattened tree that
 * prom_init built), and gives it the scenario's tree and our end of RTAS there.
 *
 * Not sooner: nodes that are added to QEMU's tree are dropped again by SLOF during ibm,client-architecture-support. And it
 * has to be the tree of this very boot, for `/chosen` has its addresses.
 * @returns with the guest standing still
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
      throw new EnvironmentError('the guest stopped before its kernel was entered');
    if (registers.r[5] === 0n) return registers;
    await gdb.step(thread);
  }
}

function rtasEntryOf(boot: Tree): number {
  const rtas = child(boot.root, 'rtas');
  const entry = rtas && property(rtas, 'linux,rtas-entry');
  if (entry?.value.length !== 4) throw new EnvironmentError('the kernel did not instantiate RTAS');
  return Buffer.from(entry.value).readUInt32BE();
}
