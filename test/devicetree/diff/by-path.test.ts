import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  bytes,
  cells,
  diffTrees,
  flag,
  node,
  type Property,
  string,
  type TreeNode,
  tree,
} from '../../../src/devicetree/index.ts';
import { shorten } from '../../support/changes.ts';
import { editedTreePair, referringTrees, renumbered } from '../../support/edited-trees.ts';
import { SEED } from '../../support/trees.ts';

const root = (...children: TreeNode[]) => tree(node('', [], children));
const compare = (before: TreeNode[], after: TreeNode[]) =>
  shorten(diffTrees(root(...before), root(...after), { by: 'path', order: true }));

describe('phandles are labels', () => {
  /** A machine with every kind of reference, its phandles counted from `first`. */
  const machine = (first: number, vector = 1) =>
    root(
      node(
        'cpus',
        [],
        [
          node('cpu@0', [cells('l2-cache', first), cells('ibm,phandle', first + 9)]),
          node('l2-cache@2000', [cells('phandle', first), cells('next-level-cache', first + 1)]),
          node('l3-cache@3000', [cells('linux,phandle', first + 1)]),
        ],
      ),
      node('xics', [cells('phandle', first + 2), cells('#interrupt-cells', 2)]),
      node('pci', [
        cells('#address-cells', 3),
        cells('#interrupt-cells', 1),
        cells('interrupt-map', 0, 0, 0, 1, first + 2, vector, 0, 0, 0, 0, 2, first + 2, 2, 0),
      ]),
      node('dev', [cells('interrupts-extended', first + 2, vector, 0, first + 2, 5, 5)]),
    );

  test('renumbering all of them is no difference', () => {
    expect(diffTrees(machine(1), machine(0x80000000), { by: 'path' })).toEqual([]);
  });

  test('an argument after a phandle is compared', () => {
    expect(shorten(diffTrees(machine(1), machine(100, 9), { by: 'path' }))).toEqual([
      '/pci:interrupt-map changed',
      '/dev:interrupts-extended changed',
    ]);
  });

  test('an equal number that names another node is a difference', () => {
    const two = (one: number, other: number) => [
      node('a', [cells('phandle', one)]),
      node('b', [cells('phandle', other)]),
      node('c', [cells('interrupt-parent', 1)]),
    ];
    expect(compare(two(1, 2), two(2, 1))).toEqual(['/c:interrupt-parent changed']);
  });

  test('dangling references are compared as numbers, and differ from others', () => {
    const refer = (phandle: number) => [
      node('a', [cells('phandle', 5)]),
      node('c', [cells('l2-cache', phandle)]),
    ];
    expect(compare(refer(7), refer(7))).toEqual([]);
    expect(compare(refer(7), refer(8))).toEqual(['/c:l2-cache changed']);
    expect(compare(refer(7), refer(5))).toEqual(['/c:l2-cache changed']);
    expect(compare(refer(5), refer(7))).toEqual(['/c:l2-cache changed']);
    expect(compare(refer(5), [node('a'), ...refer(5).slice(1)])).toEqual(['/c:l2-cache changed']);
  });

  test('a phandle of several nodes names the first of them', () => {
    const three = (one: number, other: number) => [
      node('a', [cells('phandle', one)]),
      node('b', [cells('phandle', other)]),
      node('c', [cells('l2-cache', one)]),
    ];
    expect(compare(three(5, 5), three(7, 8))).toEqual([]);
    expect(compare(three(7, 8), three(5, 5))).toEqual([]);
  });

  test('an argument is no reference, even if there is one at its place in the other tree', () => {
    const clocked = (count: number, ...list: number[]) => [
      node('a', [cells('phandle', 1), cells('#clock-cells', count)]),
      node('b', [cells('phandle', 5), cells('#clock-cells', 0)]),
      node('c', [cells('clocks', ...list)]),
    ];
    expect(compare(clocked(1, 1, 5, 5), clocked(0, 1, 5, 0))).toEqual([
      '/a:#clock-cells changed',
      '/c:clocks changed',
    ]);
  });

  test('a reference to a node that moved is the same reference', () => {
    const cache = (phandle: number) => node('cache', [cells('phandle', phandle), flag('x')]);
    const cpu = (phandle: number) => node('cpu', [cells('l2-cache', phandle)]);
    expect(
      compare([cpu(1), node('a', [], [cache(1)]), node('b')], [cpu(2), node('a'), node('b', [], [cache(2)])]),
    ).toEqual(['/a/cache moved /b/cache']);
  });

  test('a label that is there or not is no difference; one that is no cell is a property', () => {
    expect(compare([node('a', [cells('phandle', 5)])], [node('a')])).toEqual([]);
    expect(compare([node('a', [bytes('phandle', [5])])], [node('a')])).toEqual(['/a:phandle removed']);
    expect(compare([node('a', [bytes('phandle', [5])])], [node('a', [cells('phandle', 5)])])).toEqual([
      '/a:phandle removed',
    ]);
  });

  test('renumbering is no difference in any tree', () => {
    fc.assert(
      fc.property(referringTrees({ maxNodes: 20 }), (any) => {
        const other = renumbered(any, (phandle) => (phandle * 0x9e3779b1 + 0x7f4a7c15) >>> 0);
        expect(diffTrees(any, other, { by: 'path', order: true })).toEqual([]);
      }),
      { seed: SEED, numRuns: 300 },
    );
  });

  test('renumbering does not hide or add to the differences of any two trees', () => {
    fc.assert(
      fc.property(editedTreePair({ phandles: false }), ({ before, after }) => {
        const label = (each: TreeNode, next: { phandle: number }): TreeNode => {
          next.phandle += 1;
          const own = cells('phandle', next.phandle);
          return {
            ...each,
            properties: [...each.properties, own],
            children: each.children.map((child) => label(child, next)),
          };
        };
        const labelled = { ...after, root: label(after.root, { phandle: 1000 }) };
        expect(shorten(diffTrees(before, labelled, { by: 'path' }))).toEqual(
          shorten(diffTrees(before, after, { by: 'path' })),
        );
      }),
      { seed: SEED, numRuns: 200 },
    );
  });
});

describe('the path is identity', () => {
  const typed = (type: string, ...more: Property[]) => node('n', [string('device_type', type), ...more]);

  test('a node of another type at the same path has changed', () => {
    expect(compare([typed('a')], [typed('b')])).toEqual(['/n:device_type changed']);
  });

  test('siblings of one name go by order', () => {
    const twins = [node('n', [flag('x')]), node('n', [flag('y')])];
    expect(compare(twins, twins.slice(0, 1))).toEqual(['- /n#1']);
    expect(compare(twins.slice(0, 1), twins)).toEqual(['+ /n#1']);
  });
});

describe('moves and renames', () => {
  const device = (name: string, value = 1) =>
    node(
      name,
      [string('compatible', 'c'), cells('x', value), cells('reg', name.length)],
      [node('port', [flag('y')])],
    );
  const [a, b] = [
    (...children: TreeNode[]) => node('a', [], children),
    (...children: TreeNode[]) => node('b', [], children),
  ];

  test('a node that is removed here and new once elsewhere has moved, with its subtree', () => {
    expect(compare([a(device('d@1')), b()], [a(), b(device('d@1'))])).toEqual(['/a/d@1 moved /b/d@1']);
  });

  test('its changes are reported at the new place', () => {
    expect(compare([a(device('d@1', 1)), b()], [a(), b(device('d@1', 2))])).toEqual([
      '/a/d@1 moved /b/d@1',
      '/b/d@1:x changed',
    ]);
  });

  test('a node at another unit address under the same parent is renamed', () => {
    const cache = (unit: number) => node(`cache@${unit}`, [cells('reg', unit), cells('phandle', unit)]);
    expect(compare([cache(1)], [cache(2)])).toEqual(['/cache@1 renamed /cache@2', '/cache@2:reg changed']);
    expect(compare([a(device('d@1'))], [a(device('d@200'))])).toEqual([
      '/a/d@1 renamed /a/d@200',
      '/a/d@200:reg changed',
    ]);
  });

  test('a node below one that is renamed stays where it is in it', () => {
    expect(
      compare([node('soc@0', [flag('s')], [device('d@1')])], [node('soc@1', [flag('s')], [device('d@1')])]),
    ).toEqual(['/soc@0 renamed /soc@1']);
  });

  test('also if there are several like it', () => {
    const soc = (unit: number, value: number) =>
      node(`soc@${unit}`, [flag('s')], [device('d@1', 0), device('d@1', value)]);
    expect(compare([soc(0, 1)], [soc(1, 2)])).toEqual(['/soc@0 renamed /soc@1', '/soc@1/d@1#1:x changed']);
  });

  test('no move is claimed where it could be one of several', () => {
    const two = [device('d@1'), device('d@1')];
    expect(compare([a(...two), b()], [a(), b(...two)])).toEqual([
      '- /a/d@1',
      '- /a/d@1/port',
      '- /a/d@1#1',
      '- /a/d@1#1/port',
      '+ /b/d@1',
      '+ /b/d@1/port',
      '+ /b/d@1#1',
      '+ /b/d@1#1/port',
    ]);
    expect(compare([a(node('d@1'), node('d@2'))], [a(node('d@3'))])).toEqual([
      '- /a/d@1',
      '- /a/d@2',
      '+ /a/d@3',
    ]);
  });

  test('nor where the two have another type or little in common', () => {
    const other = node('d@1', [string('compatible', 'other'), cells('x', 1)]);
    expect(compare([a(device('d@1')), b()], [a(), b(other)])).toContain('+ /b/d@1');
    const changed = node('d@1', [string('compatible', 'c'), cells('x', 2), flag('p'), flag('q')]);
    expect(compare([a(device('d@1')), b()], [a(), b(changed)])).toContain('+ /b/d@1');
  });
});
