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
const addresses = { rtasEntry: 0x1000, hcalls: entries };
const mailbox = mailboxAddress(addresses.rtasEntry);
const back = 0x3000n;
const block = 0x4000;
const area = 0x5000;
const values = 0x6000;

/** Answers ibm,update-nodes with 0 and adds 1 to the work area's first byte, ibm,suspend-me with `suspended`, H_VASI_STATE with 3. */
function firmware(suspended = 0): Firmware & { readonly calls: RtasCall[] } {
  const calls: RtasCall[] = [];
  return {
    calls,
    tokens: new Map([
      ['ibm,update-nodes', 0x3002],
      ['ibm,suspend-me', 0x202a],
    ]),
    call(call, memory) {
      calls.push(call);
      if (call.token === 0x202a) return [suspended];
      const address = call.args[0] ?? 0;
      memory.write(address, Uint8Array.of((memory.read(address, 1)[0] ?? 0) + 1));
      return [0];
    },
    hcall: (opcode) => (opcode === hcalls.H_VASI_STATE ? { status: 0, values: [3n] } : undefined),
  };
}

/** Resumes the guest after `work` while it is paused. Then it does `next`, if given, and stops there. */
async function resume(
  guest: FakeGuest,
  trap: TrapHandler,
  work: () => void,
  next?: () => void,
): Promise<void> {
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
  answering: Firmware,
  stalled: readonly string[] = [],
  at: Partial<TrapAddresses> = {},
) {
  const memory = createMemory([{ address: 0, bytes: guest.memory }]);
  return new TrapHandler(
    { gdb: await GdbClient.open(guest.stream), memory },
    { ...addresses, ...at },
    answering,
    stalled,
  );
}

test('an RTAS call is answered while the guest runs: results and work area are written, then it returns', async () => {
  const guest = new FakeGuest();
  guest.memory[area] = 41;
  const call = { token: 0x3002, args: [area, 1], nret: 1 };
  const answering = firmware();
  const trap = await start(guest, answering);
  await resume(guest, trap, () => {});
  guest.requests.length = 0;
  for (const changed of [42, 43]) {
    callRtas(guest, call);
    trap.handleDoorbell();
    expect(guest.memory.readUInt32BE(block + 12 + 8)).toBe(0);
    expect(guest.memory[area]).toBe(changed);
    expect(guest.memory.readUInt32BE(mailbox + 4)).toBe(ANSWERED);
  }
  trap.close();
  expect(answering.calls).toEqual([call, call]);
  expect(guest.requests).toEqual([]);
});

test('a doorbell signal without a call has no effect', async () => {
  const guest = new FakeGuest();
  const answering = firmware();
  const trap = await start(guest, answering);
  await resume(guest, trap, () => {});
  const memory = Buffer.from(guest.memory);
  trap.handleDoorbell();
  trap.close();
  expect(answering.calls).toEqual([]);
  expect(guest.memory.equals(memory)).toBe(true);
});

test('calls of a closed guest are not answered', async () => {
  const guest = new FakeGuest();
  const answering = firmware();
  const trap = await start(guest, answering);
  await resume(guest, trap, () => {});
  trap.close();
  callRtas(guest, { token: 0x3002, args: [area, 1], nret: 1 });
  trap.handleDoorbell();
  expect(answering.calls).toEqual([]);
});

test('a work area outside memory ends the guest with the firmware’s error', async () => {
  const guest = new FakeGuest();
  const trap = await start(guest, firmware());
  const call = { token: 0x3002, args: [0xffff_0000, 1], nret: 1 };
  callRtas(guest, call);
  trap.handleDoorbell();
  await expect(trap.ended).rejects.toThrow(RangeError);
});

test('after a successful suspend the guest can be moved before the call returns', async () => {
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

for (const [what, call, status] of [
  ['a suspend that fails', { token: 0x202a, args: [], nret: 1 }, -9004],
  ['another call', { token: 0x3002, args: [area, 1], nret: 1 }, 0],
] as const) {
  test(`${what} does not move the guest`, async () => {
    const guest = new FakeGuest();
    const trap = await start(guest, firmware(status));
    let moves = 0;
    trap.onSuspended = async () => {
      moves++;
    };
    callRtas(guest, call);
    trap.handleDoorbell();
    await trap.whilePaused(async () => {});
    trap.close();
    expect(moves).toBe(0);
    expect(guest.memory.readUInt32BE(mailbox + 4)).toBe(ANSWERED);
  });
}

test('hypervisor calls at known call sites are answered by the firmware', async () => {
  const guest = new FakeGuest();
  const trap = await start(guest, firmware(), [], { callSites: sites });
  await resume(guest, trap, () => {});
  expect(guest.breakpoints).toEqual(new Set());
  await trap.watchHcalls(true);
  const [site = 0n] = sites;
  await resume(
    guest,
    trap,
    () => {},
    () => callHypervisor(guest, site, hcalls.H_VASI_STATE),
  );
  expect(guest.breakpoints).toEqual(new Set(sites));
  await resume(guest, trap, () => {});
  trap.close();
  expect(guest.r[3]).toBe(0n);
  expect(guest.memory.readBigUInt64LE(values)).toBe(3n);
  expect(guest.pc).toBe(site + 4n);
});

test('without known call sites, all hypervisor calls are trapped during a migration', async () => {
  const guest = new FakeGuest();
  const trap = await start(guest, firmware());
  await resume(guest, trap, () => {});
  expect(guest.breakpoints).toEqual(new Set());
  await trap.watchHcalls(true);
  await resume(
    guest,
    trap,
    () => {},
    () => callHypervisor(guest, entries[0], hcalls.H_VASI_STATE),
  );
  expect(guest.breakpoints).toEqual(new Set(entries));
  await resume(
    guest,
    trap,
    () => {},
    () => callHypervisor(guest, entries[1], hcalls.H_PROD),
  );
  expect(guest.pc).toBe(entries[1]);
  expect(guest.memory.readBigUInt64LE(values)).toBe(3n);
  await trap.watchHcalls(false);
  await resume(guest, trap, () => {});
  trap.close();
  // Not implemented by the firmware: executed.
  expect(guest.pc).toBe(entries[1] + 4n);
  expect(guest.r[3]).toBe(BigInt(hcalls.H_PROD));
  expect(guest.breakpoints).toEqual(new Set());
});

test('the decrementer of a restored CPU is restarted at the first trapped instruction', async () => {
  const guest = new FakeGuest();
  guest.memory.writeUInt32LE(0x6000_0000, Number(entries[1]));
  const trap = await start(guest, firmware(), ['01']);
  await resume(
    guest,
    trap,
    () => {},
    () => callHypervisor(guest, entries[1], 0xe0),
  );
  expect(guest.breakpoints).toEqual(new Set([...entries, EXTERNAL_INTERRUPT]));
  await resume(guest, trap, () => {});
  trap.close();
  // mtdec r3, then the original instruction
  expect(guest.stepped).toEqual(['a603767c', '00000060']);
  expect(guest.r[3]).toBe(0xe0n);
  expect(guest.breakpoints).toEqual(new Set());
});

test('a restored CPU that makes no calls has its decrementer restarted when it takes an interrupt', async () => {
  const guest = new FakeGuest();
  guest.memory.writeUInt32LE(0x6000_0000, 0x4500);
  const answering = firmware();
  const trap = await start(guest, answering, ['01']);
  // Its registers happen to hold the arguments of a call that the firmware implements.
  await resume(
    guest,
    trap,
    () => {},
    () => callHypervisor(guest, EXTERNAL_INTERRUPT, hcalls.H_VASI_STATE),
  );
  await resume(guest, trap, () => {});
  trap.close();
  expect(guest.stepped).toEqual(['a603767c', '00000060']);
  expect(guest.r[3]).toBe(BigInt(hcalls.H_VASI_STATE));
  expect(guest.pc).toBe(EXTERNAL_INTERRUPT + 4n);
  expect(guest.breakpoints).toEqual(new Set());
});

test('while a guest moves, no breakpoint is set', async () => {
  const guest = new FakeGuest();
  const trap = await start(guest, firmware(), ['01', '02'], { callSites: sites });
  let left: ReadonlySet<bigint> | undefined;
  trap.onSuspended = async () => {
    left = new Set(guest.breakpoints);
  };
  await trap.watchHcalls(true);
  callRtas(guest, { token: 0x202a, args: [], nret: 1 });
  trap.handleDoorbell();
  await resume(guest, trap, () => {});
  trap.close();
  expect(left).toEqual(new Set());
  expect(guest.breakpoints).toEqual(new Set([...sites, ...entries, EXTERNAL_INTERRUPT]));
});

test('when the guest ends, pending and later work is rejected', async () => {
  const guest = new FakeGuest();
  const trap = await start(guest, firmware());
  await resume(guest, trap, () => {});
  guest.stream.destroy();
  await expect(trap.ended).rejects.toThrow('gdb stub');
  await expect(trap.whilePaused(async () => {})).rejects.toThrow('gdb stub');
});
