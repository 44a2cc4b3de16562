import { expect, test } from 'vitest';
import { errnoName, errorLines } from '../../../src/lab/agent/errno.ts';

test.each([
  ["cat: can't open '/x: y': No such file or directory", 'ENOENT'],
  ['dd: writing /sys/x: Invalid argument', 'EINVAL'],
  ['cat: read error: Input/output error', 'EIO'],
  ['/sys/x: Device or resource busy', 'EBUSY'],
  ['dd: error writing x: Unknown error 524', 'Unknown error 524'],
  ['Permission denied', 'EACCES'],
  ['toString', 'toString'],
])('%s', (line, name) => {
  expect(errnoName(line)).toBe(name);
});

test('dd’s counts of records are not errors', () => {
  const output = `dd: writing '/x': Invalid argument
1+0 records in
0+0 records out
0 bytes (0B) copied, 0.000192 seconds, 0B/s
`;
  expect(errorLines(output)).toEqual(["dd: writing '/x': Invalid argument"]);
});
