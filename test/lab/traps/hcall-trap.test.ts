import { expect, test } from 'vitest';
import { GdbClient } from '../../../src/lab/traps/gdb/index.ts';
import { answerHcall } from '../../../src/lab/traps/hcall-trap.ts';
import { type Hypervisor, hcalls } from '../../../src/papr/index.ts';
import { FakeGuest } from './gdb/fake-guest.ts';

const buffer = 0x3000;
const back = 0x2004n;

/** A guest at the start of a call; r4 to r10 hold 0x3000, 0x3001, … */
function guestInCall(opcode: number, littleEndian = true): FakeGuest {
  const guest = new FakeGuest();
  guest.littleEndian = littleEndian;
  guest.r[3] = BigInt(opcode);
  for (let number = 4; number < 12; number++) guest.r[number] = BigInt(buffer + number - 4);
  guest.pc = 0x2000n;
  guest.memory.fill(0xff);
  return guest;
}

async function answer(guest: FakeGuest, result: ReturnType<Hypervisor['hcall']>) {
  const calls: { opcode: number; args: readonly bigint[] }[] = [];
  const hypervisor: Hypervisor = {
    hcall(opcode, args) {
      calls.push({ opcode, args: [...args] });
      return result;
    },
  };
  const gdb = await GdbClient.open(guest.stream);
  const isAnswered = await answerHcall(gdb, hypervisor, await gdb.registers(), back);
  return { isAnswered, calls };
}

for (const littleEndian of [true, false]) {
  test(`values of a ${littleEndian ? 'little' : 'big'}-endian guest are stored at r4, arguments start in r5`, async () => {
    const guest = guestInCall(hcalls.H_VASI_STATE, littleEndian);
    const { isAnswered, calls } = await answer(guest, { status: -4, values: [1n, -2n] });
    expect(isAnswered).toBe(true);
    expect(calls).toEqual([
      { opcode: hcalls.H_VASI_STATE, args: [5, 6, 7, 8, 9, 10].map((number) => guest.r[number]) },
    ]);
    const stored = [0, 8, 16, 24, 32].map((at) =>
      littleEndian ? guest.memory.readBigInt64LE(buffer + at) : guest.memory.readBigInt64BE(buffer + at),
    );
    expect(stored).toEqual([1n, -2n, 0n, 0n, -1n]);
    expect(guest.r[3]).toBe(BigInt.asUintN(64, -4n));
    expect(guest.pc).toBe(back);
  });
}

test('a call without values stores nothing, and its arguments start in r4', async () => {
  const guest = guestInCall(hcalls.H_VASI_SIGNAL);
  const { isAnswered, calls } = await answer(guest, { status: 0, values: [] });
  expect(isAnswered).toBe(true);
  expect(calls[0]?.args).toEqual([4, 5, 6, 7, 8, 9, 10].map((number) => guest.r[number]));
  expect(guest.memory.every((byte) => byte === 0xff)).toBe(true);
  expect(guest.r[3]).toBe(0n);
  expect(guest.pc).toBe(back);
});

test('a call that the firmware does not implement changes nothing', async () => {
  const guest = guestInCall(hcalls.H_PROD);
  const registers = [...guest.r];
  expect((await answer(guest, undefined)).isAnswered).toBe(false);
  expect(guest.r).toEqual(registers);
  expect(guest.pc).toBe(0x2000n);
  expect(guest.memory.every((byte) => byte === 0xff)).toBe(true);
});
