import { expect, test } from 'vitest';
import { plural, printable, printableLines } from '../../src/base/index.ts';

test.each([
  [0, 'link', '0 links'],
  [1, 'link', '1 link'],
  [2, 'entry', '2 entries'],
  [1, 'entry', '1 entry'],
  [2, 'day', '2 days'],
  [2, 'oops', '2 oopses'],
  [2, 'crash', '2 crashes'],
])('%i %s', (count, noun, expected) => {
  expect(plural(count, noun)).toBe(expected);
});

test('control characters and direction marks are shown', () => {
  expect(printable('a\x1b[31mb')).toBe('a\\x1b[31mb');
  expect(printable('\0\x08\t\n\x0b\x1f\x7f\x9f')).toBe('\\x00\\x08\\x09\\x0a\\x0b\\x1f\\x7f\\x9f');
  expect(printable('\u202e\u2066\ufeff')).toBe('\\u{202e}\\u{2066}\\u{feff}');
  expect(printable(' ~\xa0é日\u200d')).toBe(' ~\xa0é日\u200d');
});

test('messages keep their tabs and line ends', () => {
  expect(printableLines('a\tb\nc\rd')).toBe('a\tb\nc\\x0dd');
});
