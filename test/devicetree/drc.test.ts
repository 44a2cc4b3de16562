import { expect, test } from 'vitest';
import { asDrcInfo, asDrcNumbers, asDrcStrings, bytes, cells, strings } from '../../src/devicetree/index.ts';

const joined = (...parts: readonly { readonly value: Uint8Array }[]) =>
  bytes(
    '',
    parts.flatMap(({ value }) => Array.from(value)),
  ).value;

const cpus = [strings('', 'CPU', 'CPU '), cells('', 0x10000000, 1, 64, 4, 0xffffffff)];
const buses = [strings('', 'PHB', 'PHB '), cells('', 0x20000000, 0, 3, 1, 0xffffffff)];

test('ibm,drc-info: a count, then entries without alignment', () => {
  const info = joined(cells('', 2), ...cpus, ...buses);
  expect(asDrcInfo(info)).toEqual([
    {
      type: 'CPU',
      namePrefix: 'CPU ',
      indexStart: 0x10000000,
      nameSuffixStart: 1,
      count: 64,
      increment: 4,
      powerDomain: 0xffffffff,
    },
    {
      type: 'PHB',
      namePrefix: 'PHB ',
      indexStart: 0x20000000,
      nameSuffixStart: 0,
      count: 3,
      increment: 1,
      powerDomain: 0xffffffff,
    },
  ]);
  expect(asDrcInfo(joined(cells('', 0)))).toEqual([]);
});

test('ibm,drc-info that is cut off, too long, or counts too many is none', () => {
  const info = joined(cells('', 2), ...cpus, ...buses);
  for (let length = 0; length < info.length; length += 1)
    expect(asDrcInfo(info.subarray(0, length))).toBeUndefined();
  expect(asDrcInfo(joined(cells('', 1), ...cpus, ...buses))).toBeUndefined();
  expect(asDrcInfo(joined(cells('', 0xffffffff), ...cpus))).toBeUndefined();
  expect(asDrcInfo(undefined)).toBeUndefined();
});

test('the four older properties: a count, then as many elements', () => {
  expect(asDrcNumbers(cells('', 2, 0x10000000, 0x10000004).value)).toEqual([0x10000000, 0x10000004]);
  expect(asDrcNumbers(cells('', 0).value)).toEqual([]);
  expect(asDrcNumbers(cells('', 3, 0x10000000, 0x10000004).value)).toBeUndefined();
  expect(asDrcNumbers(new Uint8Array(0))).toBeUndefined();
  expect(asDrcStrings(joined(cells('', 2), strings('', 'CPU 1', 'CPU 5')))).toEqual(['CPU 1', 'CPU 5']);
  expect(asDrcStrings(joined(cells('', 0)))).toEqual([]);
  expect(asDrcStrings(joined(cells('', 3), strings('', 'CPU 1', 'CPU 5')))).toBeUndefined();
  expect(asDrcStrings(joined(cells('', 1), bytes('', [0x41])))).toBeUndefined();
});
