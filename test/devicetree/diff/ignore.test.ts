import { describe, expect, test } from 'vitest';
import { InputError } from '../../../src/base/index.ts';
import { cells, diffTrees, flag, node, tree, withoutIgnored } from '../../../src/devicetree/index.ts';
import { shorten } from '../../support/changes.ts';

const cpu = (frequency: number, id: number) => node('cpu@0', [cells('clock', frequency), cells('id', id)]);
const before = tree(
  node('', [], [node('cpus', [], [cpu(1, 1)]), node('rtas', [cells('id', 1)]), node('old', [], [node('x')])]),
);
const after = tree(
  node('', [], [node('cpus', [flag('new')], [cpu(2, 2)]), node('rtas', [cells('id', 2)])]),
  [],
  1,
);

const left = (...ignore: string[]) => shorten(diffTrees(before, after, { by: 'path', ignore }));
const cpus = ['/cpus:new added', '/cpus/cpu@0:clock changed', '/cpus/cpu@0:id changed'];
const rest = ['boot cpu 0 → 1', '- /old', '- /old/x'];
const rtas = '/rtas:id changed';

describe('a pattern leaves out', () => {
  const cases: [string, string[], string[]][] = [
    ['nothing when there is none', [], ['boot cpu 0 → 1', '- /old', '- /old/x', ...cpus, rtas]],
    ['a property by name', ['id'], [...rest, '/cpus:new added', '/cpus/cpu@0:clock changed']],
    ['properties by name with a star', ['*'], rest],
    ['a property of some nodes', ['/cpus/*:id'], [...rest, ...cpus.slice(0, 2), rtas]],
    ['a property of any node', ['*:id'], [...rest, '/cpus:new added', '/cpus/cpu@0:clock changed']],
    ['a node with what is below', ['/cpus'], [...rest, rtas]],
    ['nodes with a question mark', ['/?ld'], ['boot cpu 0 → 1', ...cpus, rtas]],
    ['nodes below, but not the node', ['/old/*'], ['boot cpu 0 → 1', '- /old', ...cpus, rtas]],
    ['every node', ['/'], ['boot cpu 0 → 1']],
    [
      'nothing when dots, stars and the like are only characters',
      ['/cpu.', '/cpus/cpu@0:i'],
      [...rest, ...cpus, rtas],
    ],
    ['what any of several names', ['/old', 'id', 'clock', 'new'], ['boot cpu 0 → 1']],
  ];
  test.each(cases)('%s', (_, patterns, expected) => expect(left(...patterns)).toEqual(expected));

  test.each(cases)('of trees: %s', (_, patterns, expected) => {
    const [old, now] = [before, after].map((each) => withoutIgnored(each, patterns));
    expect(old && now && shorten(diffTrees(old, now, { by: 'path' }))).toEqual(expected);
  });
});

test('a move is left out only when both places are', () => {
  const device = node('d', [flag('x')]);
  const [from, to] = [
    tree(node('', [], [node('a', [], [device]), node('b')])),
    tree(node('', [], [node('a'), node('b', [], [device])])),
  ];
  const moved = (...ignore: string[]) => shorten(diffTrees(from, to, { by: 'path', ignore }));
  expect(moved('/a')).toEqual(['/a/d moved /b/d']);
  expect(moved('/a', '/b')).toEqual([]);
});

test('an empty pattern is rejected', () => {
  expect(() => left('')).toThrow(InputError);
});

test('a tree deeper than the stack is processed', () => {
  let root = node('x', [flag('a')]);
  for (let depth = 0; depth < 20_000; depth++) root = node('n', [flag('a'), flag('b')], [root]);
  let deepest = withoutIgnored(tree(root), ['a']).root;
  for (let child = deepest.children[0]; child; child = child.children[0]) {
    expect(deepest.properties).toEqual([flag('b')]);
    deepest = child;
  }
  expect(deepest).toEqual(node('x'));
});
