import { expect, test } from 'vitest';
import { resendInterrupts } from '../../../src/lab/qemu/interrupts.ts';
import { GdbClient } from '../../../src/lab/traps/gdb/index.ts';
import { FakeGuest } from '../traps/gdb/fake-guest.ts';

/** Addresses of a source in the event state buffers: the store that triggers it, the loads that show and clear its state. */
function source(number: number) {
  const trigger = 0x6_0100_0000_0000n + BigInt(number) * 0x2_0000n;
  return { trigger, look: trigger + 0x1_0800n, clear: trigger + 0x1_0c00n };
}

/** Sources that were triggered, each after its state was cleared, in a guest with these states (P = 2, Q = 1). */
async function resent(cpus: number, states: Readonly<Record<number, bigint>>): Promise<number[]> {
  const guest = new FakeGuest();
  const sources = [0, 1, 0x1000, 0x1001, 0x11f0, 0x11f1];
  for (const number of sources) {
    const { trigger, look, clear } = source(number);
    guest.devices
      .set(trigger, 0n)
      .set(look, states[number] ?? 1n)
      .set(clear, 0n);
  }
  await resendInterrupts(await GdbClient.open(guest.stream), { cpus });
  const at = (request: string) => guest.requests.indexOf(request);
  return sources.filter((number) => {
    const { trigger, clear } = source(number);
    const triggered = at(`M${trigger.toString(16)},8:0000000000000000`);
    const cleared = at(`m${clear.toString(16)},8`);
    expect(cleared >= 0 && cleared < triggered).toBe(triggered >= 0);
    return triggered >= 0;
  });
}

test('what was sent and not handled is sent again', async () => {
  expect(await resent(1, { 4097: 2n, 4593: 3n, 4592: 0n })).toEqual([0x1001, 0x11f1]);
});

test('each of several CPUs gets one of its own', async () => {
  expect(await resent(2, { 0: 0n, 1: 2n })).toEqual([0, 1]);
});

test('what nobody has asked for is left alone', async () => {
  expect(await resent(2, {})).toEqual([]);
});
