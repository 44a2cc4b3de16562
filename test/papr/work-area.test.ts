import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeLatin1, InputError } from '../../src/base/index.ts';
import { textAt, wordAt } from '../../src/papr/index.ts';
import { AreaReader } from '../../src/papr/work-area.ts';
import { SEED } from '../support/trees.ts';
import { bytesOf } from './bytes.ts';

test('text is that of the bytes, in the cache or not', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat({ max: 3 }), (bytes, from) => {
      const expected = String.fromCharCode(...bytes.subarray(from));
      for (let time = 0; time < 2; time++) expect(textAt(bytes, from, bytes.length)).toBe(expected);
    }),
    { seed: SEED },
  );
});

// The hash of the cache is that of Java's strings, where Aa and BB collide.
test('texts of one hash are distinguished', () => {
  const texts = ['Aa', 'BB', 'AaAa', 'BBBB', 'AaBB', 'BBAa', 'Aa', 'A', 'Aaa'];
  for (const text of texts) expect(textAt(encodeLatin1(text), 0, text.length)).toBe(text);
});

test.each([255, 256, 257])('a text of %i characters', (length) => {
  for (const letter of ['a', 'b']) {
    const text = letter.repeat(length);
    expect(textAt(encodeLatin1(text), 0, length)).toBe(text);
  }
});

test('words are unsigned, and missing bytes are 0', () => {
  const bytes = bytesOf('ff010203 80');
  expect(wordAt(bytes, 0)).toBe(0xff010203);
  expect(wordAt(bytes, 2)).toBe(0x02038000);
  expect(wordAt(bytes, 5)).toBe(0);
});

test('a reader stops at the end of the area', () => {
  const reader = new AreaReader(bytesOf('00000001 "ab\0" 00 01'));
  expect(reader.word('word')).toBe(1);
  expect(reader.remaining).toBe(5);
  expect(reader.text('name')).toBe('ab');
  expect(() => reader.word('word')).toThrow('word of 4 bytes does not fit: 2 bytes remain');
  expect(() => reader.zeros(2, 'reserved')).toThrow('reserved must be zero');
  expect(reader.remaining).toBe(0);
  expect(reader.take(0, 'rest')).toEqual(new Uint8Array(0));
});

test('errors name the offset', () => {
  const offsetOf = (read: (reader: AreaReader) => unknown, bytes: Uint8Array) => {
    try {
      read(new AreaReader(bytes));
    } catch (error) {
      return error instanceof InputError ? error.where.offset : error;
    }
    return 'no error';
  };
  expect(offsetOf((reader) => reader.zeros(4, 'reserved'), bytesOf('00 00 01 00'))).toBe(2);
  expect(offsetOf((reader) => reader.text('name'), bytesOf('"abc"'))).toBe(0);
  expect(offsetOf((reader) => reader.take(1, 'byte'), new Uint8Array(4096))).toBe('no error');
  expect(offsetOf((reader) => reader.take(1, 'byte'), new Uint8Array(4097))).toBe(0);
});
