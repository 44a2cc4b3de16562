import { expect, test } from 'vitest';
import { createMemory } from '../../src/papr/index.ts';

test('memory of a size: zeroed, written, read; a read is a view', () => {
  const memory = createMemory(16);
  memory.write(4, Uint8Array.of(1, 2, 3));
  expect(memory.read(3, 5)).toEqual(Uint8Array.of(0, 1, 2, 3, 0));
  memory.read(0, 1)[0] = 9;
  expect(memory.read(0, 1)).toEqual(Uint8Array.of(9));
});

test('memory of regions: each at its address, shared with its owner', () => {
  const bytes = Uint8Array.of(1, 2, 3, 4);
  const memory = createMemory([
    { address: 0x1000, bytes },
    { address: 0x26d0000, bytes: new Uint8Array(4096) },
  ]);
  memory.write(0x1002, Uint8Array.of(7));
  expect(bytes).toEqual(Uint8Array.of(1, 2, 7, 4));
  expect(memory.read(0x26d0ff8, 8).length).toBe(8);
});

test.each([
  [-1, 1],
  [0xffe, 4],
  [0x1002, 4],
  [0x1004, 1],
  [0x5000, 1],
  [Number.NaN, 1],
])('no memory at %i, %i bytes', (address, length) => {
  const memory = createMemory([{ address: 0x1000, bytes: new Uint8Array(4) }]);
  expect(() => memory.read(address, length)).toThrow(RangeError);
  expect(() => memory.write(address, new Uint8Array(length))).toThrow(RangeError);
});
