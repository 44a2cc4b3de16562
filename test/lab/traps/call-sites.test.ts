import { expect, test } from 'vitest';
import { findCallSites } from '../../../src/lab/traps/call-sites.ts';
import { GdbClient } from '../../../src/lab/traps/gdb/index.ts';
import { FakeGuest } from './gdb/fake-guest.ts';

const [loadState, loadSignal, call, jump, nop] = [0x386002a4, 0x386002a0, 0x4bff6971, 0x4bff6970, 0x60000000];

async function search(...code: readonly (readonly [at: number, instruction: number])[]) {
  const guest = new FakeGuest();
  for (const [at, instruction] of code) guest.memory.writeUInt32LE(instruction, at);
  return findCallSites(await GdbClient.open(guest.stream), 0xc000_0000_0000_8000n);
}

const kernel = 0xc000_0000_0000_0000n;

test('all calls that follow the loading of an opcode are found', async () => {
  const found = await search(
    [0x100, loadState],
    [0x104, nop],
    [0x108, jump],
    [0x10c, call],
    [0x110, call],
    [0x200, loadState],
    [0x204, call],
    [0x300, loadSignal],
    [0x310, call],
  );
  expect(found).toEqual([kernel + 0x10cn, kernel + 0x204n, kernel + 0x310n]);
});

test('unless both opcodes are found, the result is undefined', async () => {
  expect(await search([0x100, loadState], [0x104, call])).toBeUndefined();
  expect(await search([0x100, loadState], [0x104, call], [0x200, loadSignal])).toBeUndefined();
  expect(await search([0x100, loadState], [0x104, call], [0xfffc, loadSignal])).toBeUndefined();
});
