import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  baseName,
  findByPath,
  indexByPath,
  joinPath,
  node,
  nodeName,
  parentPath,
  type TreeNode,
  tree,
  unitAddress,
  walk,
} from '../../src/devicetree/index.ts';
import { SEED, trees } from '../support/trees.ts';

describe('a path', () => {
  test('is put together and taken apart', () => {
    expect(joinPath('/', 'cpus')).toBe('/cpus');
    expect(joinPath('/cpus', 'l2-cache@2010')).toBe('/cpus/l2-cache@2010');
    expect(parentPath('/cpus/l2-cache@2010')).toBe('/cpus');
    expect(parentPath('/cpus')).toBe('/');
    expect(parentPath('/')).toBe('/');
    expect(baseName('/cpus/l2-cache@2010')).toBe('l2-cache@2010');
    expect(baseName('/')).toBe('');
    expect(nodeName('/cpus/l2-cache@2010')).toBe('l2-cache');
    expect(nodeName('ibm,random-v1')).toBe('ibm,random-v1');
    expect(unitAddress('l2-cache@2010')).toBe('2010');
    expect(unitAddress('/cpus@1/timer')).toBeUndefined();
  });

  test('of a child leads back to its parent', () => {
    fc.assert(
      fc.property(trees({ names: 'latin1' }), (any) => {
        for (const { path, node } of walk(any)) {
          for (const child of node.children) {
            expect(parentPath(joinPath(path, child.name))).toBe(path);
            expect(baseName(joinPath(path, child.name))).toBe(child.name);
          }
        }
      }),
      { seed: SEED, numRuns: 50 },
    );
  });
});

const twins = tree(
  node(
    '',
    [],
    [
      node(
        'a',
        [],
        [node('x@1', [{ name: 'first', value: new Uint8Array(0) }]), node('x@1', [], [node('deep')])],
      ),
      node('b'),
    ],
  ),
);

test('a walk visits parents first and siblings in order, with their paths', () => {
  const seen = Array.from(walk(twins), ({ path, parent }) => [path, parent?.name]);
  expect(seen).toEqual([
    ['/', undefined],
    ['/a', ''],
    ['/a/x@1', 'a'],
    ['/a/x@1', 'a'],
    ['/a/x@1/deep', 'x@1'],
    ['/b', ''],
  ]);
});

describe('lookup by path', () => {
  const index = indexByPath(twins);
  const lookups = { findByPath: (path: string) => findByPath(twins, path), indexByPath: index.get };

  for (const [name, look] of Object.entries(lookups)) {
    test(`${name}: the first of several siblings, whole names only`, () => {
      expect(look('/')).toBe(twins.root);
      expect(look('/a/x@1')?.properties[0]?.name).toBe('first');
      expect(look('/a/x@1/deep')).toBeUndefined();
      expect(look('/b')?.name).toBe('b');
      for (const path of ['', 'a', '/a/', '//a', '/a/x', '/a/x@1/', '/A', '/c'])
        expect(look(path)).toBeUndefined();
    });

    test(`${name}: finds every node of any tree`, () => {
      fc.assert(
        fc.property(trees({ names: 'latin1' }), (any) => {
          const find = name === 'findByPath' ? (path: string) => findByPath(any, path) : indexByPath(any).get;
          for (const { path, node } of walk(any)) expect(find(path)).toBe(node);
        }),
        { seed: SEED, numRuns: 50 },
      );
    });
  }

  test('an index is read like a map, in tree order, each path once', () => {
    expect(Array.from(index.keys())).toEqual(['/', '/a', '/a/x@1', '/b']);
    expect(new Map(index).get('/b')).toBe(findByPath(twins, '/b'));
    expect(index.has('/a/x@1')).toBe(true);
    expect(index.has('/a/x@1/deep')).toBe(false);
  });
});

describe('trees of any size', () => {
  test('100,000 levels are walked, and their end is found', () => {
    let deepest: TreeNode = node('n');
    for (let level = 1; level < 100_000; level += 1) deepest = node('n', [], [deepest]);
    const deep = tree(node('', [], [deepest]));
    let last = '';
    let count = 0;
    for (const { path } of walk(deep)) {
      last = path;
      count += 1;
    }
    expect(count).toBe(100_001);
    expect(last.length).toBe(200_000);
    expect(findByPath(deep, last)?.children).toEqual([]);
    expect(indexByPath(deep).get(last)?.name).toBe('n');
  });

  test('of 200,000 siblings each is found without looking at the others', () => {
    const wide = tree(
      node(
        '',
        [],
        Array.from({ length: 200_000 }, (_, number) => node(`n@${number}`)),
      ),
    );
    const index = indexByPath(wide);
    for (let number = 0; number < 200_000; number += 1) {
      if (index.get(`/n@${number}`) !== wide.root.children[number])
        throw new Error(`n@${number} was not found`);
    }
  });
});
