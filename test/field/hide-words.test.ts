import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hideWords } from '../../src/field/capture/hide-words.ts';
import { WORDS_AWK } from '../../src/field/capture/script-words.ts';
import { SEED } from '../support/trees.ts';
import { testWith } from './programs.ts';

const mark = (text: string) => hideWords(text, (found) => `<${found.toLowerCase()}>`);

test.each([
  ['MAC', 'ibmveth 30000002 eth0: hw 02:00:4C:4f:4f:50 up', '02:00:4c:4f:4f:50'],
  ['MAC by dashes', 'hw 02-00-4c-4f-4f-50.', '02-00-4c-4f-4f-50'],
  ['MAC after a name', 'eth0:02:00:4c:4f:4f:50', '02:00:4c:4f:4f:50'],
  ['MAC without colons', 'mac-addr=02004c4f4f50', '02004c4f4f50'],
  ['MAC without colons, after 0x', 'MAC_ADDR 0x02004c4f4f50', '02004c4f4f50'],
  ['WWPN', 'ibmvfc: port c05076094f3a0012 logged in', 'c05076094f3a0012'],
  ['WWPN after 0x', 'rport 0x5005076802100A1B', '5005076802100a1b'],
  ['WWPN by colons', 'wwpn c0:50:76:09:4f:3a:00:12', 'c0:50:76:09:4f:3a:00:12'],
  ['NAA', 'scsi naa.60050768018086c9d800000000000123', 'naa.60050768018086c9d800000000000123'],
  ['UUID', 'uuid=9f3a6c1e-2b4d-4e5f-8a7b-0c1d2e3f4a5b;', '9f3a6c1e-2b4d-4e5f-8a7b-0c1d2e3f4a5b'],
  ['UUID without dashes', 'id 9F3A6C1E2B4D4E5F8A7B0C1D2E3F4A5B', '9f3a6c1e2b4d4e5f8a7b0c1d2e3f4a5b'],
  ['IPv4', 'ip=10.1.22.133::10.1.22.1', '10.1.22.133'],
  ['IPv4 with a port', 'to 10.1.22.133:3260,1', '10.1.22.133'],
  ['IPv6', 'addrconf: fe80::4cff:fe4f:4f50: duplicate', 'fe80::4cff:fe4f:4f50'],
  ['IPv6 after a name', 'SRC:2001:db8::1', '2001:db8::1'],
  ['IPv6 in full', '[2001:db8:0:0:1:0:0:1]:80', '2001:db8:0:0:1:0:0:1'],
  ['IQN', 'target iqn.1994-05.com.example:abc-12.', 'iqn.1994-05.com.example:abc-12'],
])('%s is found', (_, text, found) => {
  expect(mark(text)).toContain(`<${found}>`);
});

test.each([
  '[   12.345678] mobility: calling ibm,suspend-me on CPU 7',
  'pci 0010:01:00.0: BAR 0: assigned [mem 0x40080000000-0x4008000ffff 64bit]',
  'Oct 18 10:00:00 h kernel: Linux version 5.14.0-427.13.1.el9_4.ppc64le',
  'GPR00: c0000000001a2b3c c00000000f3a3b10 1000000000000001 5000000000000002',
  'NIP:  c0000000001a2b3c LR: c0000000001a2b38 CTR: 0000000000000000',
  'BUG: Unable to handle kernel data access at 0xc00000000f3a3b10',
  'std::bad_alloc, 12:34:56, x86_64',
  'vio 30000002: probe of 30000002 failed with error -19',
])('nothing is found in: %s', (text) => {
  expect(mark(text)).toBe(text);
});

test('several in one line, and what is found is not looked at again', () => {
  expect(mark('10.0.0.1-10.0.0.2 02:00:4c:4f:4f:50/10.0.0.3')).toBe(
    '<10.0.0.1>-<10.0.0.2> <02:00:4c:4f:4f:50>/<10.0.0.3>',
  );
  expect(hideWords('10.0.0.1.2.3.4.5', () => '9.9.9.9')).toBe('9.9.9.9.9.9.9.9');
});

/** Pieces that are found, nearly found, or stand between others. */
const piece = fc.oneof(
  fc.constantFrom(
    '02:00:4c:4f:4f:50',
    'c0:50:76:09:4f:3a:00:12',
    'c05076094f3a0012',
    '5005076802100a1b',
    'fe80::1',
    '::1',
    '::',
    '2001:db8:0:0:1:0:0:1',
    '10.1.22.133',
    '1.2.3.4567',
    'iqn.1994-05.com.example:a',
    'naa.60050768018086c9',
    '9f3a6c1e-2b4d-4e5f-8a7b-0c1d2e3f4a5b',
    '9f3a6c1e2b4d4e5f8a7b0c1d2e3f4a5b',
    'mac-addr',
    'MAC',
    '02004c4f4f50',
    '0x',
    ':',
    '.',
    '-',
    '_',
    ' ',
    '=',
    ',',
    '/',
    'g',
    'GPR00: ',
    'ff',
    '12:34:56',
    'eth0',
    '02-00-4c-4f-4f-50',
  ),
  fc.string({ unit: fc.constantFrom(...'0123456789abcdefABCDEF:.-_xX gq'), maxLength: 12 }),
);
const line = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(''));

describe.each([
  { name: 'awk', command: ['awk'] },
  { name: 'busybox', command: ['busybox', 'awk'] },
])('$name', ({ name, command: [program = '', ...more] }) => {
  testWith(name, 'finds the same as the command on Node', () => {
    const lines = fc.sample(line, { seed: SEED, numRuns: 4_000 }).filter((text) => text !== '');
    const script = `function id(x) { return "<" tolower(x) ">" }\n${WORDS_AWK}\n{ print hide_words($0) }`;
    const { stdout, stderr } = spawnSync(program, [...more, script], {
      input: `${lines.join('\n')}\n`,
      encoding: 'latin1',
      env: { ...process.env, LC_ALL: 'C' },
      maxBuffer: 1 << 26,
    });
    expect(stderr).toBe('');
    const theirs = stdout.split('\n');
    const differ = lines.flatMap((text, at) =>
      theirs[at] === mark(text) ? [] : [[text, theirs[at], mark(text)]],
    );
    expect(differ.slice(0, 5)).toEqual([]);
  });
});
