import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromHex, hex32, hexByte, hexNumber, isHex, toHex } from '../../src/base/index.ts';

test('bytes at the limits', () => {
  expect([0, 1, 0x0f, 0x10, 0x7f, 0x80, 0xff].map(hexByte)).toEqual([
    '00',
    '01',
    '0f',
    '10',
    '7f',
    '80',
    'ff',
  ]);
  expect(toHex(Uint8Array.of(0, 0x0f, 0x80, 0xff))).toBe('000f80ff');
  expect(toHex(new Uint8Array(0))).toBe('');
  expect(fromHex('000f80ff')).toEqual(Uint8Array.of(0, 0x0f, 0x80, 0xff));
  expect(fromHex('')).toEqual(new Uint8Array(0));
});

test('words at the limits', () => {
  expect([0, 1, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff].map(hex32)).toEqual([
    '00000000',
    '00000001',
    '7fffffff',
    '80000000',
    'ffffffff',
  ]);
  // Signed words, as bit operations return them.
  expect([-1, -0x8000_0000].map(hex32)).toEqual(['ffffffff', '80000000']);
});

test('numbers have as many digits as they need', () => {
  expect([0, 9, 10, 0xffff_ffff].map(hexNumber)).toEqual(['0x0', '0x9', '0xa', '0xffffffff']);
  expect(hexNumber(0xffff_ffff_ffff_ffffn)).toBe('0xffffffffffffffff');
});

test.each([
  ['', true],
  ['00', true],
  ['09af', true],
  ['0', false],
  ['09a', false],
  ['0A', false],
  ['0g', false],
  ['0x', false],
  [' 0', false],
  ['00\n', false],
])('%j is hex: %s', (text, expected) => {
  expect(isHex(text)).toBe(expected);
});

test('bytes survive', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      const text = toHex(bytes);
      expect(isHex(text)).toBe(true);
      expect(fromHex(text)).toEqual(bytes);
    }),
  );
});
