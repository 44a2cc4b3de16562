import { describe, expect, test } from 'vitest';
import {
  applyDelta,
  cells,
  createDelta,
  diffTrees,
  flag,
  indexByPath,
  indexByPhandle,
  node,
  type Property,
  sameTree,
  type Tree,
  type TreeNode,
  tree,
} from '../../../src/devicetree/index.ts';

type Name = (number: number) => string;
type Properties = (number: number) => Property[];

const unique: Name = (number) => `n@${number}`;
const other: Name = (number) => `n@${number + 1_000_000}`;
const alike: Name = () => 'n';
const own: Properties = (number) => [cells('ibm,phandle', number + 1)];
const shared: Properties = () => [cells('ibm,phandle', 1)];
const referring: Properties = () => [cells('l2-cache', 1)];
const none: Properties = () => [];

function siblings(count: number, name: Name, properties: Properties): Tree {
  const children = Array.from({ length: count }, (_, number) => node(name(number), properties(number)));
  return tree(node('', [], children));
}

const rearranged = (from: Tree, arrange: (children: readonly TreeNode[]) => readonly TreeNode[]): Tree => ({
  ...from,
  root: node('', [], arrange(from.root.children)),
});
const reverse = (children: readonly TreeNode[]) => children.toReversed();
const halve = (children: readonly TreeNode[]) => children.slice(children.length / 2);

function chain(count: number, properties: Properties, leaf: TreeNode): Tree {
  let top = leaf;
  for (let level = count; level > 1; level -= 1) top = node('n', properties(level), [top]);
  return tree(node('', [], [top]));
}

/** Large trees for which an algorithm that visits all siblings or ancestors of each node is too slow. */
const shapes: Readonly<Record<string, (count: number) => readonly [Tree, Tree]>> = {
  'siblings in another order': (count) => {
    const before = siblings(count, unique, own);
    return [before, rearranged(before, reverse)];
  },
  'siblings of one name': (count) => {
    const before = siblings(count, alike, own);
    return [before, rearranged(before, halve)];
  },
  'siblings of one name and one phandle': (count) => {
    const before = siblings(count, alike, shared);
    return [before, rearranged(before, halve)];
  },
  'siblings that all have another name': (count) => [
    siblings(count, unique, none),
    siblings(count, other, none),
  ],
  'siblings that all have another phandle': (count) => [
    siblings(count, alike, own),
    siblings(count, alike, (number) => own(number + count)),
  ],
  'references to one node': (count) => [
    siblings(count, alike, referring),
    siblings(count, unique, referring),
  ],
  'a chain of one phandle': (count) => [
    chain(count, shared, node('n')),
    chain(count, shared, node('n', [flag('x')])),
  ],
  'a chain whose end changed': (count) => [
    chain(count, own, node('n')),
    chain(count, own, node('n', [flag('x')])),
  ],
};

const operations: Readonly<Record<string, (before: Tree, after: Tree) => unknown>> = {
  'comparison by phandle': (before, after) => diffTrees(before, after, { by: 'phandle', order: true }),
  'comparison by path': (before, after) => diffTrees(before, after, { by: 'path', order: true }),
  'delta and back': (before, after) => {
    if (!sameTree(applyDelta(before, createDelta(before, after)), after))
      throw new Error('not the same tree');
  },
  'index by path': (before) => {
    const index = indexByPath(before);
    for (const { name } of before.root.children) index.get(`/${name}`);
  },
  'index by phandle': (before) => indexByPhandle(before),
};

/** A copy of a tree that counts accesses to names, properties and children. */
function watched(from: Tree, look: () => void): Tree {
  const all = [from.root];
  for (let index = 0; index < all.length; index += 1) all.push(...(all[index]?.children ?? []));
  const copies = new Map<TreeNode, TreeNode>();
  for (const original of all.reverse()) {
    const children = original.children.map((child) => copies.get(child) ?? child);
    copies.set(original, {
      get name() {
        look();
        return original.name;
      },
      get properties() {
        look();
        return original.properties;
      },
      get children() {
        look();
        return children;
      },
    });
  }
  return { ...from, root: copies.get(from.root) ?? from.root };
}

function countLooks(
  run: (before: Tree, after: Tree) => unknown,
  [before, after]: readonly [Tree, Tree],
): number {
  let looks = 0;
  const look = () => {
    looks += 1;
  };
  run(watched(before, look), watched(after, look));
  return looks;
}

describe.each(Object.keys(operations))('%s', (operation) => {
  test.each(Object.keys(shapes))('looks ten times as often at ten times as many nodes: %s', (shape) => {
    const [run, make] = [operations[operation], shapes[shape]];
    if (!run || !make) throw new Error('no such operation or shape');
    const few = countLooks(run, make(100));
    expect(countLooks(run, make(1000))).toBeLessThan(few * 10.5);
  });
});

test('trees of 50,000 siblings are compared', () => {
  const before = siblings(50_000, unique, own);
  const after = rearranged(before, (children) => [...children.slice(1), node('new')]);
  for (const by of ['phandle', 'path'] as const) {
    expect(diffTrees(before, after, { by }).map(({ kind }) => kind)).toEqual(['node-removed', 'node-added']);
  }
  expect(sameTree(applyDelta(before, createDelta(before, after)), after)).toBe(true);
});

test('trees of 30,000 levels are compared', () => {
  const before = chain(30_000, own, node('n'));
  const after = chain(30_000, own, node('n', [flag('x')]));
  for (const by of ['phandle', 'path'] as const) {
    expect(diffTrees(before, after, { by }).map(({ kind }) => kind)).toEqual(['property-added']);
  }
  expect(sameTree(applyDelta(before, createDelta(before, after)), after)).toBe(true);
});

test('many properties of one node, and of one name', () => {
  const count = 20_000;
  const of = (name: Name, first: number) =>
    tree(
      node(
        '',
        Array.from({ length: count }, (_, number) => cells(name(number), first + number)),
      ),
    );
  for (const name of [unique, alike]) {
    expect(diffTrees(of(name, 0), of(name, 1), { by: 'phandle' }).length).toBe(count);
    expect(sameTree(applyDelta(of(name, 0), createDelta(of(name, 0), of(name, 1))), of(name, 1))).toBe(true);
  }
});
