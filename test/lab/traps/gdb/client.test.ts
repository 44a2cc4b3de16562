import { expect, test } from 'vitest';
import { GdbClient, GuestMemoryError, registerNumbers } from '../../../../src/lab/traps/gdb/index.ts';
import { FakeGuest } from './fake-guest.ts';

for (const littleEndian of [false, true]) {
  test(`registers of a ${littleEndian ? 'little' : 'big'}-endian CPU`, async () => {
    const guest = new FakeGuest();
    guest.littleEndian = littleEndian;
    guest.r[3] = 0x26d_0000n;
    guest.pc = 0x2fff_0000n;
    guest.lr = 0xc000_0000_0001_0000n;
    const gdb = await GdbClient.open(guest.stream);
    const registers = await gdb.registers();
    expect(registers).toMatchObject({ pc: guest.pc, lr: guest.lr, littleEndian });
    expect(registers.r[3]).toBe(0x26d_0000n);
    await gdb.writeRegister(registerNumbers.r0 + 3, -2n, littleEndian);
    expect(guest.r[3]).toBe(0xffff_ffff_ffff_fffen);
  });
}

test('memory is transferred in pieces that fit a packet', async () => {
  const guest = new FakeGuest();
  const gdb = await GdbClient.open(guest.stream);
  const bytes = Buffer.from(Array.from({ length: 5000 }, (_, index) => index & 0xff));
  await gdb.writeMemory(0x100n, bytes);
  expect(guest.memory.subarray(0x100, 0x100 + 5000).equals(bytes)).toBe(true);
  expect((await gdb.readMemory(0x100n, 5000)).equals(bytes)).toBe(true);
  for (const request of guest.requests) expect(request.length).toBeLessThan(4096);
});

test('the mode for physical addresses changes only when needed', async () => {
  const guest = new FakeGuest();
  const gdb = await GdbClient.open(guest.stream);
  await gdb.readMemory(0n, 4, true);
  await gdb.readMemory(0n, 4, true);
  await gdb.readMemory(0n, 4);
  expect(guest.requests).toEqual(['Qqemu.PhyMemMode:1', 'm0,4', 'm0,4', 'Qqemu.PhyMemMode:0', 'm0,4']);
});

test('an address without memory is a GuestMemoryError', async () => {
  const gdb = await GdbClient.open(new FakeGuest().stream);
  await expect(gdb.readMemory(0xffff_ffffn, 4)).rejects.toThrow(GuestMemoryError);
  await expect(gdb.writeMemory(0xffff_ffffn, Buffer.alloc(4))).rejects.toThrow(GuestMemoryError);
});

test('a running guest stops on request and reports the CPU', async () => {
  const guest = new FakeGuest();
  const gdb = await GdbClient.open(guest.stream);
  const stopped = gdb.resume();
  gdb.interrupt();
  expect(await stopped).toEqual({ signal: 2, thread: '01' });
  guest.onResume = () => guest.stop(5, '02');
  expect(await gdb.resume()).toEqual({ signal: 5, thread: '02' });
});

test('when the machine ends, pending requests are rejected', async () => {
  const guest = new FakeGuest();
  const gdb = await GdbClient.open(guest.stream);
  const running = gdb.resume();
  guest.stream.destroy();
  await expect(running).rejects.toThrow('gdb stub: connection closed');
  await expect(gdb.registers()).rejects.toThrow('gdb stub');
});
