import { describe, expect, test } from 'vitest';
import { readLog } from '../../src/partition/index.ts';

describe('readLog', () => {
  test.each([
    ['[   12.345678] mobility: hello', 12.345678, undefined, 'mobility: hello'],
    ['[   12.345678][    T1] mobility: hello', 12.345678, undefined, 'mobility: hello'],
    ['[   12.345678][  C0] mobility: hello', 12.345678, undefined, 'mobility: hello'],
    ['<4>[   12.345678] mobility: hello', 12.345678, 4, 'mobility: hello'],
    ['<14>[   12.345678] mobility: hello', 12.345678, 6, 'mobility: hello'],
    ['4,123,12345678,-;mobility: hello', 12.345678, 4, 'mobility: hello'],
    ['30,123,12345678,-,caller=T1;mobility: hello', 12.345678, 6, 'mobility: hello'],
    ['kern  :warn  : [   12.345678] mobility: hello', 12.345678, 4, 'mobility: hello'],
    ['Oct 18 10:00:00 lpar1 kernel: [   12.345678] mobility: hello', 12.345678, undefined, 'mobility: hello'],
    ['Oct  8 10:00:00 lpar1 kernel: mobility: hello', 0, undefined, 'mobility: hello'],
    ['2024-10-18T10:00:00.123456+02:00 lpar1 kernel: mobility: hello', 0, undefined, 'mobility: hello'],
    ['mobility: hello', 0, undefined, 'mobility: hello'],
    ['[   12.345678] ', 12.345678, undefined, ''],
    [
      '[c000000000476e8c] [c000000000476fd8] f+0x1/0x2',
      0,
      undefined,
      '[c000000000476e8c] [c000000000476fd8] f+0x1/0x2',
    ],
  ])('%s', (line, seconds, level, text) => {
    const [read] = readLog(`${line}\r\n`);
    expect(read).toEqual(level === undefined ? { seconds, text } : { seconds, level, text });
  });

  test('lines without a time take that of the line before, lines that kmsg adds are left out', () => {
    const text = '[    1.000000] one\n two\n\n6,7,3000000,-;three\n SUBSYSTEM=vio\n DEVICE=+vio:x\nfour';
    expect(readLog(text)).toEqual([
      { seconds: 1, text: 'one' },
      { seconds: 1, text: ' two' },
      { seconds: 3, level: 6, text: 'three' },
      { seconds: 3, text: 'four' },
    ]);
  });
});
