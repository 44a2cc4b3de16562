import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { printfFormat, quote } from '../../../src/lab/agent/shell-quote.ts';
import { SEED } from '../../support/trees.ts';
import { testWith } from '../setup/needs.ts';

testWith(['busybox'], 'a format prints exactly its bytes', () => {
  const every = Uint8Array.from({ length: 256 }, (_, index) => index);
  const cases = [every, Buffer.from('-n %s \\n'), Buffer.from('--'), new Uint8Array()];
  for (const bytes of cases) {
    const printed = execFileSync('busybox', ['sh', '-c', `printf ${printfFormat(bytes)}`]);
    expect(printed).toEqual(Buffer.from(bytes));
  }
});

test('words stay on one line, and do not look like a copy of a request', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('a', "'", '\n', '\x1e', '$', '\\', '"', '`') }), (word) => {
      expect(quote(word)).not.toMatch(/[\n\x1e]/);
    }),
    { seed: SEED },
  );
});

testWith(['busybox'], 'a word is taken letter for letter', () => {
  for (const word of ['', "it's", '"$x" `y` \\', 'two\nlines\n', 'a\x1eb', '*', '-n', "'", "''\n''"]) {
    const script = `newline='\n' twice='\x1e'; printf %s ${quote(word)}`;
    expect(execFileSync('busybox', ['sh', '-c', script]).toString('latin1')).toBe(word);
  }
});

test('NUL can be in no word', () => {
  expect(() => quote('a\0b')).toThrow(RangeError);
});
