import { expect, test } from 'vitest';
import type { Firmware } from '../../../src/firmware/index.ts';
import { GdbClient } from '../../../src/lab/traps/gdb/index.ts';
import { EXTERNAL_INTERRUPT, type TrapAddresses } from '../../../src/lab/traps/hcall-trap.ts';
import { ANSWERED, CALLED, mailboxAddress } from '../../../src/lab/traps/rtas-stub.ts';
import { TrapHandler } from '../../../src/lab/traps/trap-handler.ts';
import { createMemory, encodeArgumentBlock, hcalls, type RtasCall } from '../../../src/papr/index.ts';
import { FakeGuest } from './gdb/fake-guest.ts';

const entries = [0x2000n, 0x2100n] as const;
const sites = [0x2200n, 0x2300n];
const doors = { rtasEntry: 0x1000, hcalls: entries };
const mailbox = mailboxAddress(doors.rtasEntry);
const back = 0x3000n;
const block = 0x4000;
const area = 0x5000;
const values = 0x6000;

/** Answers ibm,update-nodes by adding 1 to the work area's first byte, ibm,suspend-me with 0, H_VASI_STATE with 3. */
function firmware(): Firmware & { readonly calls: RtasCall[] } {
  const calls: RtasCall[] = [];
  return {
    calls,
    tokens: new Map([
      ['ibm,update-nodes', 0x3002],
      ['ibm,suspend-me', 0x202a],
    ]),
    call(call, memory) {
      calls.push(call);
      if (call.token === 0x202a) return [0];
      const address = call.args[0] ?? 0;
      memory.write(address, Uint8Array.of((memory.read(address, 1)[0] ?? 0) + 1));
      return [1];
    },
    hcall: (opcode) => (opcode === hcalls.H_VASI_STATE ? { status: 0, values: [3n] } : undefined),
  };
}

/** Lets the guest go on, after `work` while it is paused; then it does what `next` says, if anything, and stops there. */
async function goOn(guest: FakeGuest, trap: TrapHandler, work: () => void, next?: () => void): Promise<void> {
  await new Promise<void>((wentOn, failed) => {
    const paused = async () => {
      work();
      guest.onResume = () => {
        guest.onResume = () => {};
        wentOn();
        if (!next) return;
        next();
        guest.stop(5);
      };
    };
    trap.whilePaused(paused).catch(failed);
  });
}

/** The guest waits in the stub at the RTAS entry. */
function callRtas(guest: FakeGuest, call: RtasCall): void {
  guest.memory.set(encodeArgumentBlock(call), block);
  guest.memory.writeUInt32BE(block, mailbox);
  guest.memory.writeUInt32BE(CALLED, mailbox + 4);
}

/** The guest is about to call the hypervisor, or has just done so. */
function callHypervisor(guest: FakeGuest, pc: bigint, opcode: number): void {
  guest.r[3] = BigInt(opcode);
  guest.r[4] = BigInt(values);
  guest.pc = pc;
  guest.lr = back;
  guest.littleEndian = true;
}

async function start(
  guest: FakeGuest,
  far: Firmware,
  arrived: readonly string[] = [],
  at: Partial<TrapAddresses> = {},
) {
  const memory = createMemory([{ address: 0, bytes: guest.memory }]);
  return new TrapHandler(
    { gdb: await GdbClient.open(guest.stream), memory },
    { ...doors, ...at },
    far,
    arrived,
  );
}

test('an RTAS call is answered while the guest runs: results, changes in the work area, then it may return', async () => {
  const guest = new FakeGuest();
  guest.memory[area] = 41;
  const call = { token: 0x3002, args: [area, 1], nret: 1 };
  const far = firmware();
  const trap = await start(guest, far);
  await goOn(guest, trap, () => {});
  guest.requests.length = 0;
  for (const changed of [42, 43]) {
    callRtas(guest, call);
    trap.handleDoorbell();
    expect(guest.memory.readUInt32BE(block + 12 + 8)).toBe(1);
    expect(guest.memory[area]).toBe(changed);
    expect(guest.memory.readUInt32BE(mailbox + 4)).toBe(ANSWERED);
  }
  trap.close();
  expect(far.calls).toEqual([call, call]);
  expect(guest.requests).toEqual([]);
});

test('a bell without a call changes nothing', async () => {
  const guest = new FakeGuest();
  const far = firmware();
  const trap = await start(guest, far);
  await goOn(guest, trap, () => {});
  const memory = Buffer.from(guest.memory);
  trap.handleDoorbell();
  trap.close();
  expect(far.calls).toEqual([]);
  expect(guest.memory.equals(memory)).toBe(true);
});

test('a guest that was closed is answered no more', async () => {
  const guest = new FakeGuest();
  const far = firmware();
  const trap = await start(guest, far);
  await goOn(guest, trap, () => {});
  trap.close();
  callRtas(guest, { token: 0x3002, args: [area, 1], nret: 1 });
  trap.handleDoorbell();
  expect(far.calls).toEqual([]);
});

test('a work area that is no memory is the firmware’s to refuse', async () => {
  const guest = new FakeGuest();
  const trap = await start(guest, firmware());
  const call = { token: 0x3002, args: [0xffff_0000, 1], nret: 1 };
  callRtas(guest, call);
  trap.handleDoorbell();
  await expect(trap.ended).rejects.toThrow(RangeError);
});

test('when it has suspended, it may be moved before it hears of it', async () => {
  const guest = new FakeGuest();
  const trap = await start(guest, firmware());
  let status: number | undefined;
  trap.onSuspended = async () => {
    status = guest.memory.readUInt32BE(mailbox + 4);
  };
  callRtas(guest, { token: 0x202a, args: [], nret: 1 });
  trap.handleDoorbell();
  expect(guest.memory.readUInt32BE(mailbox + 4)).toBe(CALLED);
  await trap.whilePaused(async () => {});
  trap.close();
  expect(status).toBe(CALLED);
  expect(guest.memory.readUInt32BE(mailbox + 4)).toBe(ANSWERED);
});

test('where mobility.c asks for the state of a stream, the firmware answers in place of the hypervisor', async () => {
  const guest = new FakeGuest();
  const trap = await start(guest, firmware(), [], { callSites: sites });
  await goOn(guest, trap, () => {});
  expect(guest.breakpoints).toEqual(new Set());
  await trap.watchHcalls(true);
  const [site = 0n] = sites;
  await goOn(
    guest,
    trap,
    () => {},
    () => callHypervisor(guest, site, hcalls.H_VASI_STATE),
  );
  expect(guest.breakpoints).toEqual(new Set(sites));
  await goOn(guest, trap, () => {});
  trap.close();
  expect(guest.r[3]).toBe(0n);
  expect(guest.memory.readBigUInt64LE(values)).toBe(3n);
  expect(guest.pc).toBe(site + 4n);
});

test('of a kernel whose places are not known, all hypervisor calls are watched while that is wanted', async () => {
  const guest = new FakeGuest();
  const trap = await start(guest, firmware());
  await goOn(guest, trap, () => {});
  expect(guest.breakpoints).toEqual(new Set());
  await trap.watchHcalls(true);
  await goOn(
    guest,
    trap,
    () => {},
    () => callHypervisor(guest, entries[0], hcalls.H_VASI_STATE),
  );
  expect(guest.breakpoints).toEqual(new Set(entries));
  await goOn(
    guest,
    trap,
    () => {},
    () => callHypervisor(guest, entries[1], hcalls.H_PROD),
  );
  expect(guest.pc).toBe(entries[1]);
  expect(guest.memory.readBigUInt64LE(values)).toBe(3n);
  await trap.watchHcalls(false);
  await goOn(guest, trap, () => {});
  trap.close();
  // Not the firmware's: carried out.
  expect(guest.pc).toBe(entries[1] + 4n);
  expect(guest.r[3]).toBe(BigInt(hcalls.H_PROD));
  expect(guest.breakpoints).toEqual(new Set());
});

test('a CPU that came from elsewhere has its decrementer set off at the first door it reaches', async () => {
  const guest = new FakeGuest();
  guest.memory.writeUInt32LE(0x6000_0000, Number(entries[1]));
  const trap = await start(guest, firmware(), ['01']);
  await goOn(
    guest,
    trap,
    () => {},
    () => callHypervisor(guest, entries[1], 0xe0),
  );
  expect(guest.breakpoints).toEqual(new Set([...entries, EXTERNAL_INTERRUPT]));
  await goOn(guest, trap, () => {});
  trap.close();
  // mtdec r3, then the instruction that belongs there
  expect(guest.stepped).toEqual(['a603767c', '00000060']);
  expect(guest.r[3]).toBe(0xe0n);
  expect(guest.breakpoints).toEqual(new Set());
});

test('a CPU that makes no calls has it set off when it is interrupted', async () => {
  const guest = new FakeGuest();
  guest.memory.writeUInt32LE(0x6000_0000, 0x4500);
  const far = firmware();
  const trap = await start(guest, far, ['01']);
  // What is in its registers looks like a call of the firmware's.
  await goOn(
    guest,
    trap,
    () => {},
    () => callHypervisor(guest, EXTERNAL_INTERRUPT, hcalls.H_VASI_STATE),
  );
  await goOn(guest, trap, () => {});
  trap.close();
  expect(guest.stepped).toEqual(['a603767c', '00000060']);
  expect(guest.r[3]).toBe(BigInt(hcalls.H_VASI_STATE));
  expect(guest.pc).toBe(EXTERNAL_INTERRUPT + 4n);
  expect(guest.breakpoints).toEqual(new Set());
});

test('while it moves, no CPU of it stops at a breakpoint', async () => {
  const guest = new FakeGuest();
  const trap = await start(guest, firmware(), ['01', '02'], { callSites: sites });
  let left: ReadonlySet<bigint> | undefined;
  trap.onSuspended = async () => {
    left = new Set(guest.breakpoints);
  };
  await trap.watchHcalls(true);
  callRtas(guest, { token: 0x202a, args: [], nret: 1 });
  trap.handleDoorbell();
  await goOn(guest, trap, () => {});
  trap.close();
  expect(left).toEqual(new Set());
  expect(guest.breakpoints).toEqual(new Set([...sites, ...entries, EXTERNAL_INTERRUPT]));
});

test('when the guest ends, whoever waits hears of it', async () => {
  const guest = new FakeGuest();
  const trap = await start(guest, firmware());
  await goOn(guest, trap, () => {});
  guest.stream.destroy();
  await expect(trap.ended).rejects.toThrow('gdb stub');
  await expect(trap.whilePaused(async () => {})).rejects.toThrow('gdb stub');
});
