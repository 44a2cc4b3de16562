import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InputError } from '../../src/base/index.ts';
import {
  asCell,
  asCells,
  asString,
  asStrings,
  asU64,
  bytes,
  cells,
  flag,
  sameBytes,
  string,
  strings,
  u64,
} from '../../src/devicetree/index.ts';
import { SEED } from '../support/trees.ts';

test('builders write big-endian cells and NUL-terminated strings', () => {
  expect(flag('f')).toEqual({ name: 'f', value: new Uint8Array(0) });
  expect(bytes('b', [1, 255]).value).toEqual(Uint8Array.of(1, 255));
  expect(cells('c', 1, 0xfffffff5, -2).value).toEqual(
    Uint8Array.of(0, 0, 0, 1, 0xff, 0xff, 0xff, 0xf5, 0xff, 0xff, 0xff, 0xfe),
  );
  expect(u64('u', 0x102030405060708n).value).toEqual(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8));
  expect(string('s', 'oké').value).toEqual(Uint8Array.of(0x6f, 0x6b, 0xe9, 0));
  expect(strings('s', 'a', '', 'b').value).toEqual(Uint8Array.of(0x61, 0, 0, 0x62, 0));
  expect(strings('s').value).toEqual(new Uint8Array(0));
});

test('builders reject values without such bytes', () => {
  expect(() => cells('c', 0x100000000)).toThrow(InputError);
  expect(() => cells('c', 0.5)).toThrow(InputError);
  expect(() => u64('u', -1n)).toThrow(InputError);
  expect(() => u64('u', 2n ** 64n)).toThrow(InputError);
  expect(() => string('s', '…')).toThrow(InputError);
});

describe('readers', () => {
  test('read what the builders wrote', () => {
    const text = fc.string({
      unit: fc.integer({ min: 1, max: 255 }).map((code) => String.fromCharCode(code)),
    });
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 0xffffffff })),
        fc.array(text, { minLength: 1 }),
        fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
        (numbers, texts, long) => {
          expect(asCells(cells('c', ...numbers).value)).toEqual(numbers);
          expect(asStrings(strings('s', ...texts).value)).toEqual(texts);
          expect(asU64(u64('u', long).value)).toBe(long);
        },
      ),
      { seed: SEED },
    );
  });

  test('read a value inside a larger buffer', () => {
    const blob = Uint8Array.of(9, 9, 0, 0, 0, 7, 0, 0, 0, 8, 9);
    expect(asCells(blob.subarray(2, 10))).toEqual([7, 8]);
    expect(asU64(blob.subarray(2, 10))).toBe(0x700000008n);
  });

  test('return undefined for other bytes', () => {
    expect(asCells(Uint8Array.of(1, 2, 3))).toBeUndefined();
    expect(asCell(cells('c', 1, 2).value)).toBeUndefined();
    expect(asCell(cells('c', 7).value)).toBe(7);
    expect(asU64(cells('c', 1).value)).toBeUndefined();
    expect(asString(strings('s', 'a', 'b').value)).toBeUndefined();
    expect(asString(string('s', 'a').value)).toBe('a');
    expect(asStrings(Uint8Array.of(0x61))).toBeUndefined();
    expect(asStrings(new Uint8Array(0))).toBeUndefined();
    for (const read of [asCells, asCell, asU64, asStrings, asString]) expect(read(undefined)).toBeUndefined();
  });
});

test('bytes are compared, not buffers', () => {
  expect(sameBytes(Uint8Array.of(1, 2), Uint8Array.of(9, 1, 2).subarray(1))).toBe(true);
  expect(sameBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 3))).toBe(false);
  expect(sameBytes(Uint8Array.of(1, 2), Uint8Array.of(1))).toBe(false);
});
