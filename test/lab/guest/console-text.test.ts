import { expect, test } from 'vitest';
import { ConsoleText } from '../../../src/lab/guest/console-text.ts';

test('short text is kept, of long text the beginning and the end', () => {
  const text = new ConsoleText(10);
  text.add('0123');
  expect(`${text}`).toBe('0123');
  text.add('456789abcd');
  expect(`${text}`).toBe('0123456789abcd');
  text.add('efghij');
  expect(`${text}`).toBe('0123456789abcdefghij');
  text.add('klm');
  expect(`${text}`).toBe('0123456789\n…\ndefghijklm');
  text.add('the line again and again');
  expect(`${text}`).toBe('0123456789\n…\n and again');
});
