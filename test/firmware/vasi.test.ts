import { expect, test } from 'vitest';
import { createFirmware, type VasiBehaviour } from '../../src/firmware/index.ts';
import { suspend } from './caller.ts';
import { facilitiesTree } from './example.ts';

const STATE = 0x2a4;
const SIGNAL = 0x2a0;

function sessions(vasi?: VasiBehaviour) {
  const trees = [facilitiesTree(1), facilitiesTree(2)];
  const firmware = createFirmware(vasi === undefined ? { trees } : { trees, vasi });
  const ask = (stream: bigint) => {
    const answer = firmware.hcall(STATE, [stream]);
    return answer?.status === 0 ? Number(answer.values[0]) : answer?.status;
  };
  return { firmware, ask };
}

test('a stream is enabled, suspending, and after the suspension resumed, completed', () => {
  const { firmware, ask } = sessions();
  expect([ask(7n), ask(7n), ask(7n)]).toEqual([1, 3, 3]);
  suspend(firmware);
  expect([ask(7n), ask(7n)]).toEqual([5, 6]);
});

test('the next migration starts again, with another stream or the same', () => {
  const { firmware, ask } = sessions();
  for (const stream of [7n, 8n, 8n]) {
    expect([ask(stream), ask(stream)]).toEqual([1, 3]);
    suspend(firmware);
    expect([ask(stream), ask(stream)]).toEqual([5, 6]);
  }
});

test('a kernel that makes no call after the suspension (5.10) starts again with another stream', () => {
  const { firmware, ask } = sessions();
  expect([ask(7n), ask(7n)]).toEqual([1, 3]);
  suspend(firmware);
  expect([ask(8n), ask(8n)]).toEqual([1, 3]);
});

test('given states', () => {
  const { firmware, ask } = sessions({ before: [3], after: [4, 5, 5, 6] });
  expect(ask(7n)).toBe(3);
  suspend(firmware);
  expect([ask(7n), ask(7n), ask(7n), ask(7n)]).toEqual([4, 5, 5, 6]);
});

test('cancel is the only signal of a partition, and aborts the stream', () => {
  const { firmware, ask } = sessions();
  ask(7n);
  expect(firmware.hcall(SIGNAL, [7n, 3n, 0n])?.status).toBe(-4);
  expect(firmware.hcall(SIGNAL, [7n, 1n, 0x06000005n])).toEqual({ status: 0, values: [] });
  expect(ask(7n)).toBe(2);
  expect(ask(7n)).toBe(1);
});

test('absent: not implemented; lost: invalid parameter; other calls are not implemented', () => {
  expect(sessions('absent').ask(7n)).toBeUndefined();
  expect(sessions('absent').firmware.hcall(SIGNAL, [7n, 1n])).toBeUndefined();
  expect(sessions('lost').ask(7n)).toBe(-4);
  expect(sessions().firmware.hcall(0x300, [])).toBeUndefined();
});
