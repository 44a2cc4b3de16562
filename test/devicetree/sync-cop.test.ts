import { expect, test } from 'vitest';
import { asMaxSyncCop, cells } from '../../src/devicetree/index.ts';

const read = (name: string, ...numbers: number[]) =>
  asMaxSyncCop(cells('ibm,max-sync-cop', ...numbers).value, name);

test('compression: a series to compress, a series to decompress', () => {
  expect(read('ibm,compression-v1', 1, 65536, 510, 1, 65536, 510)).toEqual({
    facility: 'compression',
    compress: [{ bytes: 65536, sgElements: 510 }],
    decompress: [{ bytes: 65536, sgElements: 510 }],
  });
  expect(read('/ibm,platform-facilities/ibm,compression-v1', 2, 1, 2, 3, 4, 0)).toEqual({
    facility: 'compression',
    compress: [
      { bytes: 1, sgElements: 2 },
      { bytes: 3, sgElements: 4 },
    ],
    decompress: [],
  });
});

test('symmetric encryption: function, mode, and a limit for each key length', () => {
  expect(read('ibm,sym-encryption-v1', 0, 6, 2, 128, 65536, 510, 192, 0, 0, 1, 20, 0)).toEqual({
    facility: 'encryption',
    functions: [
      {
        functionCode: 0,
        mode: 6,
        limits: [
          { keyBits: 128, bytes: 65536, sgElements: 510 },
          { keyBits: 192, bytes: 0, sgElements: 0 },
        ],
      },
      { functionCode: 1, mode: 20, limits: [] },
    ],
  });
});

test('random numbers: nothing, for every call is synchronous', () => {
  expect(read('ibm,random-v1')).toEqual({ facility: 'random' });
  expect(read('ibm,random-v1', 1)).toBeUndefined();
});

test('what does not fit its grammar, or has none, is not read', () => {
  const good = [1, 65536, 510, 1, 65536, 510];
  for (let length = 0; length < good.length; length += 1) {
    expect(read('ibm,compression-v1', ...good.slice(0, length))).toBeUndefined();
  }
  expect(read('ibm,compression-v1', ...good, 0)).toBeUndefined();
  expect(read('ibm,compression-v1', 0xffffffff, 1, 2, 0)).toBeUndefined();
  expect(read('ibm,sym-encryption-v1', 0, 6, 2, 128, 65536, 510)).toBeUndefined();
  expect(read('ibm,sym-encryption-v1', 0, 6)).toBeUndefined();
  expect(read('ibm,sym-encryption-v1', 0, 6, 0xffffffff, 1, 2, 3)).toBeUndefined();
  expect(read('ibm,asym-encryption-v1', 0, 6, 0)).toBeUndefined();
  expect(asMaxSyncCop(undefined, 'ibm,compression-v1')).toBeUndefined();
});
