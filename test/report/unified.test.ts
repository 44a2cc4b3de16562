import { expect, test } from 'vitest';
import { cells, diffTrees, flag, node, string, tree } from '../../src/devicetree/index.ts';
import { diffToUnified } from '../../src/report/index.ts';

const named = (name: string, ...children: ReturnType<typeof node>[]) => ({
  name,
  tree: tree(node('', [], children)),
});
const unified = (before: ReturnType<typeof named>, after: ReturnType<typeof named>, by: 'path' | 'phandle') =>
  diffToUnified(diffTrees(before.tree, after.tree, { by }), before, after)
    .split('\n')
    .slice(0, -1);

test('a hunk for each node, with unchanged properties as context', () => {
  const one = (...more: ReturnType<typeof cells>[]) => [
    flag('far'),
    ...['a', 'b', 'c'].map((name) => cells(name, 1)),
    ...more,
    string('near', 'x'),
  ];
  const before = named('old', node('n', one(cells('changed', 1), cells('gone', 1))), node('same'));
  const after = named('new', node('n', [...one(cells('changed', 2)), flag('added')]), node('same'));
  expect(unified(before, after, 'path')).toEqual([
    '--- old',
    '+++ new',
    '@@ /n @@',
    '   a = <0x1>',
    '   b = <0x1>',
    '   c = <0x1>',
    '-  changed = <0x1>',
    '+  changed = <0x2>',
    '-  gone = <0x1>',
    '   near = "x"',
    '+  added',
  ]);
});

test('added, removed, moved and replaced nodes', () => {
  const phandle = (number: number) => cells('phandle', number);
  const before = named(
    'old',
    node('gone', [phandle(1)]),
    node('a@1', [phandle(2), cells('v', 1)]),
    node('one', [phandle(3)]),
  );
  const after = named(
    'new',
    node('a@2', [phandle(2), cells('v', 2)]),
    node('other', [phandle(3)]),
    node('came', [phandle(4)]),
  );
  const lines = unified(before, after, 'phandle');
  expect(lines.filter((line) => /^[-+] *\//.test(line))).toEqual(
    expect.arrayContaining([
      '-/gone (phandle 0x1)',
      '-/a@1 (phandle 0x2)',
      '+/a@2 (phandle 0x2)',
      '-/one (phandle 0x3)',
      '+/other (phandle 0x3)',
      '+/came (phandle 0x4)',
    ]),
  );
  expect(lines).toEqual(expect.arrayContaining(['-  v = <0x1>', '+  v = <0x2>']));
});

test('no difference is no text; names are escaped for the terminal', () => {
  const bad = named('\x1b[2J', node('\x1b[31m', [string('\x1b', '')]));
  expect(unified(bad, bad, 'path')).toEqual([]);
  expect(unified(named('old'), bad, 'path').join()).not.toContain('\x1b');
});
