import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { printfFormat, quote } from '../../../src/lab/agent/shell-quote.ts';
import { SEED } from '../../support/trees.ts';
import { testWith } from '../setup/needs.ts';

testWith(['busybox'], 'a format prints its bytes unchanged', () => {
  const every = Uint8Array.from({ length: 256 }, (_, index) => index);
  const cases = [every, Buffer.from('-n %s \\n'), Buffer.from('--'), new Uint8Array()];
  for (const bytes of cases) {
    const printed = execFileSync('busybox', ['sh', '-c', `printf ${printfFormat(bytes)}`]);
    expect(printed).toEqual(Buffer.from(bytes));
  }
});

test('quoted words contain neither newline nor record separator', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('a', "'", '\n', '\x1e', '$', '\\', '"', '`') }), (word) => {
      expect(quote(word)).not.toMatch(/[\n\x1e]/);
    }),
    { seed: SEED },
  );
});

testWith(['busybox'], 'the shell reads a quoted word unchanged', () => {
  for (const word of ['', "it's", '"$x" `y` \\', 'two\nlines\n', 'a\x1eb', '*', '-n', "'", "''\n''"]) {
    const script = `newline='\n' separator='\x1e'; printf %s ${quote(word)}`;
    expect(execFileSync('busybox', ['sh', '-c', script]).toString('latin1')).toBe(word);
  }
});

test('a word with NUL is an error', () => {
  expect(() => quote('a\0b')).toThrow(RangeError);
});
