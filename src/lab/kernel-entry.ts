import { EnvironmentError } from '../base/index.ts';
import { child, property, readDtb, type Tree, writeDtb } from '../devicetree/index.ts';
import type { UnsupportedItem } from '../partition/index.ts';
import { disguisePatches, type Patch } from './disguise.ts';
import { type GdbClient, type Registers, registerNumbers } from './gdb/index.ts';
import { graft, placeForBlob } from './graft.ts';
import { bellAddress } from './machine.ts';
import { tokensAtDoor } from './rtas-door.ts';
import { assembleStub } from './rtas-stub.ts';

/** What is known of a guest since it got its tree. */
export interface Planted {
  /** Physical address of the flattened tree. */
  readonly address: number;
  readonly patches: readonly Patch[];
  readonly refused: readonly UnsupportedItem[];
  /** Physical address at which the kernel will enter RTAS. */
  readonly rtasEntry: number;
}

/** Where QEMU loads a kernel: SLOF enters it there as prom_init, prom_init a second time as the kernel proper. */
const loadAddress = 0x40_0000n;
const headerSize = 40;

/**
 * Lets a guest that was just powered on run to the kernel's second entry (r5 = 0, r3 = address of the flattened tree that
 * prom_init built), and gives it the scenario's tree and our end of RTAS there.
 *
 * Not sooner: nodes that are added to QEMU's tree are dropped again by SLOF during ibm,client-architecture-support. And it
 * has to be the tree of this very boot, for `/chosen` has its addresses.
 * @returns with the guest standing still
 */
export async function plantTree(
  gdb: GdbClient,
  scenario: Tree,
  tokens: ReadonlyMap<string, number>,
): Promise<Planted> {
  const registers = await runToSecondEntry(gdb);
  const r3 = registers.r[3] ?? 0n;
  const totalSize = (await gdb.readMemory(r3, headerSize, true)).readUInt32BE(4);
  const boot = readDtb(await gdb.readMemory(r3, totalSize, true), { file: 'tree of the boot' });
  const { tree, refused } = graft(boot, scenario, tokens);
  const blob = writeDtb(tree);
  const address = placeForBlob(boot, blob.length);
  await gdb.writeMemory(BigInt(address), blob, true);
  await gdb.writeRegister(registerNumbers.r0 + 3, BigInt(address), registers.littleEndian);
  const rtasEntry = rtasEntryOf(boot);
  await plantStub(gdb, rtasEntry, tokensAtDoor({ tokens }));
  return { address, patches: disguisePatches(tree, blob), refused, rtasEntry };
}

async function plantStub(gdb: GdbClient, rtasEntry: number, tokens: readonly number[]): Promise<void> {
  const entry = BigInt(rtasEntry);
  const instruction = (await gdb.readMemory(entry, 4, true)).readUInt32BE();
  const stub = assembleStub(rtasEntry, instruction, tokens, bellAddress);
  await gdb.writeMemory(BigInt(stub.address), stub.code, true);
  await gdb.writeMemory(entry, stub.entry, true);
}

async function runToSecondEntry(gdb: GdbClient): Promise<Registers> {
  for (;;) {
    await gdb.setBreakpoint(loadAddress);
    const { thread } = await gdb.resume();
    await gdb.clearBreakpoint(loadAddress);
    const registers = await gdb.registers();
    if (registers.pc !== loadAddress)
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
