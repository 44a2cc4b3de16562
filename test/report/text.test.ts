import { expect, test } from 'vitest';
import { plural, printable } from '../../src/base/index.ts';
import { node } from '../../src/devicetree/index.ts';
import { hierarchy, plain } from '../../src/report/index.ts';
import { checksToText } from '../../src/report/text/index.ts';

test('a hierarchy has the form of tree -d', () => {
  const parent = node('p', [], [node('ibm,random-v1', [], [node('x')]), node('ibm,compression-v1')]);
  expect(hierarchy('/sys/p', parent, plain)).toEqual([
    '/sys/p',
    '├── ibm,compression-v1',
    '└── ibm,random-v1',
    '    └── x',
    '3 directories',
  ]);
  expect(hierarchy('/sys/p', node('p'), plain)).toEqual(['/sys/p', '0 directories']);
});

test('a long hierarchy is limited, and a deep one does not overflow the stack', () => {
  let deep = node('n');
  for (let level = 0; level < 50_000; level++) deep = node('n', [], [deep]);
  const lines = hierarchy('/', deep, plain, 2);
  expect(lines).toEqual(['/', '└── n', '    └── n', '… 49998 more', '50000 directories']);
});

test('names from outside are escaped for the terminal', () => {
  expect(printable('a\u001b[2Jb\u009b\u202e')).toBe('a\\x1b[2Jb\\x9b\\u{202e}');
  expect(printable('a ← é')).toBe('a ← é');
});

test('counts agree with their nouns', () => {
  expect(['lost node', 'stale property'].map((noun) => `${plural(1, noun)}, ${plural(3, noun)}`)).toEqual([
    '1 lost node, 3 lost nodes',
    '1 stale property, 3 stale properties',
  ]);
});

test('checks fit a terminal, followed by their hints; paths are not broken', () => {
  const kernels = 'debian:6.1 (6.1.0-50-powerpc64le), debian:6.12 (6.12.95+deb12-powerpc64le)';
  const text = checksToText([
    { name: 'kernels', state: 'ok', text: kernels },
    { name: 'cache', state: 'missing', text: '/a/\x1b cannot be written', hint: 'Name another folder.' },
  ]);
  expect(text.split('\n')).toEqual([
    '✓ kernels: debian:6.1 (6.1.0-50-powerpc64le), debian:6.12',
    '    (6.12.95+deb12-powerpc64le)',
    '✗ cache: /a/\\x1b cannot be written',
    '    Name another folder.',
    '',
  ]);
});
