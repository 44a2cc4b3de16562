import { expect, test } from 'vitest';
import { parseKernelLog } from '../../../src/lab/agent/kernel-log.ts';

test('levels, timestamps and texts', () => {
  const text = `<5>[    0.000000] random: crng init done
<12>[   12.345678] transplant: from user space
<4>[  100.000001] ------------[ cut here ]------------
<7>[    1.000000][    T1] mobility: with a caller
<6>[    2.500000]   indented
<6>[    2.500000] 
dangling ibm,random-v1
`;
  expect(parseKernelLog(text)).toEqual([
    { seconds: 0, level: 5, text: 'random: crng init done' },
    { seconds: 12.345678, level: 4, text: 'transplant: from user space' },
    { seconds: 100.000001, level: 4, text: '------------[ cut here ]------------' },
    { seconds: 1, level: 7, text: 'mobility: with a caller' },
    { seconds: 2.5, level: 6, text: '  indented' },
    { seconds: 2.5, level: 6, text: '' },
  ]);
});
