import { expect, test } from 'vitest';
import { resendInterrupts } from '../../../src/lab/qemu/interrupts.ts';
import { GdbClient } from '../../../src/lab/traps/gdb/index.ts';
import { FakeGuest } from '../traps/gdb/fake-guest.ts';

/** Addresses of a source in the event state buffers: the store that triggers it, the loads that read and clear its state. */
function source(number: number) {
  const trigger = 0x6_0100_0000_0000n + BigInt(number) * 0x2_0000n;
  return { trigger, look: trigger + 0x1_0800n, clear: trigger + 0x1_0c00n };
}

/** @returns the sources that are triggered in a guest with these states (P = 2, Q = 1), each after its state was cleared */
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

test('interrupts that were sent but not handled are triggered again', async () => {
  expect(await resent(1, { 4097: 2n, 4593: 3n, 4592: 0n })).toEqual([0x1001, 0x11f1]);
});

test('each CPU gets an IPI', async () => {
  expect(await resent(2, { 0: 0n, 1: 2n })).toEqual([0, 1]);
});

test('sources that are not enabled are not triggered', async () => {
  expect(await resent(2, {})).toEqual([]);
});
