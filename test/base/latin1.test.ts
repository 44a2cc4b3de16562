import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeLatin1, encodeLatin1, writeLatin1 } from '../../src/base/index.ts';

test('each byte is one character', () => {
  const all = Uint8Array.from({ length: 256 }, (_, byte) => byte);
  const text = decodeLatin1(all);
  expect(text).toBe(String.fromCharCode(...all));
  expect(encodeLatin1(text)).toEqual(all);
});

// Text is built from pieces of 64 characters.
test.each([0, 1, 63, 64, 65, 127, 128, 129])('%i bytes in one go', (length) => {
  const bytes = Uint8Array.from({ length }, (_, index) => (index * 7) & 0xff);
  expect(encodeLatin1(decodeLatin1(bytes))).toEqual(bytes);
});

test('a part is decoded', () => {
  const bytes = encodeLatin1('abcdef');
  expect(decodeLatin1(bytes, 2)).toBe('cdef');
  expect(decodeLatin1(bytes, 2, 4)).toBe('cd');
  expect(decodeLatin1(bytes, 4, 4)).toBe('');
});

test('long values become text in one piece', () => {
  expect(decodeLatin1(new Uint8Array(1_000_000).fill(0x61)).length).toBe(1_000_000);
});

test('text is written at an offset and nowhere else', () => {
  const bytes = new Uint8Array(6).fill(1);
  writeLatin1(bytes, 2, 'a\xff');
  expect(bytes).toEqual(Uint8Array.of(1, 1, 0x61, 0xff, 1, 1));
});

test('bytes survive', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      expect(encodeLatin1(decodeLatin1(bytes))).toEqual(bytes);
    }),
  );
});
