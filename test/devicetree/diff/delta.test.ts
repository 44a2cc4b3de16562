import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InputError } from '../../../src/base/index.ts';
import {
  applyDelta,
  cells,
  createDelta,
  type Delta,
  flag,
  node,
  sameTree,
  type TreeNode,
  tree,
} from '../../../src/devicetree/index.ts';
import { editedTreePair } from '../../support/edited-trees.ts';
import { SEED, trees } from '../../support/trees.ts';

const throughJson = (value: Delta): Delta => JSON.parse(JSON.stringify(value));
const root = (...children: TreeNode[]) => tree(node('', [], children));

describe('a delta makes the other tree exactly', () => {
  const check = (
    numRuns: number,
    pairs: fc.Arbitrary<{ before: ReturnType<typeof tree>; after: ReturnType<typeof tree> }>,
  ) =>
    fc.assert(
      fc.property(pairs, ({ before, after }) => {
        expect(applyDelta(before, throughJson(createDelta(before, after)))).toEqual(after);
      }),
      { seed: SEED, numRuns },
    );

  test('out of the one it was edited from', () => check(1000, editedTreePair()));
  test('with any bytes in names', () => check(200, editedTreePair({ names: 'latin1' })));
  test('when there are no phandles', () => check(200, editedTreePair({ phandles: false, maxNodes: 25 })));
  test('out of any other', () => check(200, fc.record({ before: trees(), after: trees() })));
});

describe('a delta is as large as what changed', () => {
  const wide = (changed: number) =>
    root(
      ...Array.from({ length: 1000 }, (_, number) =>
        node(`n@${number}`, [cells('x', number === changed ? -1 : number)]),
      ),
    );

  test('nothing: the root as it is', () => {
    expect(createDelta(wide(-1), wide(-1))).toEqual({ nodes: [{ base: 0 }] });
  });

  test('one property of one of a thousand nodes', () => {
    expect(createDelta(wide(-1), wide(500))).toEqual({
      nodes: [
        { base: 0, children: [[0, 500], 1, [501, 499]] },
        { base: 501, properties: [{ name: 'x', hex: 'ffffffff' }] },
      ],
    });
  });

  test('a removed node, a new one, a moved one', () => {
    const moved = node('m', [flag('f')], [node('below')]);
    const [a, b] = [node('a', [], [moved, node('gone')]), node('b')];
    const after = root(node('a'), node('b', [], [moved, node('new', [flag('g')])]));
    expect(createDelta(root(a, b), after)).toEqual({
      nodes: [
        { base: 0, children: [1, 2] },
        { base: 1, children: [] },
        { base: 5, children: [3, 4] },
        { base: 2 },
        { name: 'new', properties: [{ name: 'g', hex: '' }], children: [] },
      ],
    });
  });

  test('another order costs no bytes of values', () => {
    const [x, y, z] = [flag('x'), flag('y'), flag('z')];
    const [one, other] = [node('n', [x, y, z]), node('n', [z, x, y])];
    expect(createDelta(root(one), root(other)).nodes[1]).toEqual({
      base: 1,
      properties: [
        [2, 1],
        [0, 2],
      ],
    });
    const children = [node('x'), node('y'), node('z')];
    const rotated = [node('z'), node('x'), node('y')];
    expect(createDelta(root(...children), root(...rotated)).nodes).toEqual([
      {
        base: 0,
        children: [
          [2, 1],
          [0, 2],
        ],
      },
    ]);
  });

  test('properties of one name are taken once each', () => {
    const [x, other] = [cells('x', 1), cells('x', 2)];
    for (const [before, after] of [
      [[x], [x, x]],
      [[x, x], [x]],
      [
        [x, other],
        [other, x],
      ],
      [
        [x, other, x],
        [x, x],
      ],
    ]) {
      const [one, two] = [root(node('n', before)), root(node('n', after))];
      expect(applyDelta(one, createDelta(one, two))).toEqual(two);
    }
  });

  test('reservations and the boot CPU only when they changed', () => {
    const before = tree(node(''), [{ address: 1n, size: 2n }], 3);
    expect(createDelta(before, { ...before, bootCpu: 4 })).toEqual({ nodes: [{ base: 0 }], bootCpu: 4 });
    expect(createDelta(before, { ...before, reservations: [{ address: 2n ** 63n, size: 2n }] })).toEqual({
      nodes: [{ base: 0 }],
      reservations: [{ address: '9223372036854775808', size: '2' }],
    });
  });

  test('what did not change is shared with the tree before', () => {
    const before = wide(-1);
    const after = applyDelta(before, createDelta(before, wide(500)));
    expect(after.root.children[0]).toBe(before.root.children[0]);
    expect(after.root.children[500]).not.toBe(before.root.children[500]);
  });
});

describe('a delta that does not fit is rejected', () => {
  const before = root(node('a', [flag('x')], [node('b')]));
  const cases: [string, unknown][] = [
    ['nothing', null],
    ['no edits', { nodes: [] }],
    ['no list of edits', { nodes: {} }],
    ['an edit that is none', { nodes: [7] }],
    ['a base that is not there', { nodes: [{ base: 3 }] }],
    ['a base that is no number', { nodes: [{ base: '0' }] }],
    ['neither base nor name', { nodes: [{}] }],
    ['a name of other characters', { nodes: [{ name: '…' }] }],
    ['a name that is no string', { nodes: [{ base: 0, name: 7 }] }],
    ['children past the end', { nodes: [{ base: 0, children: [[0, 2]] }] }],
    ['children before the start', { nodes: [{ base: 0, children: [[-1, 1]] }] }],
    ['children that are no list', { nodes: [{ base: 0, children: 1 }] }],
    ['a run that is none', { nodes: [{ base: 0, children: ['0'] }] }],
    ['a run of a new node', { nodes: [{ name: '', children: [[0, 1]] }] }],
    ['an edit that is not there', { nodes: [{ base: 0, children: [1] }] }],
    ['an edit that uses itself', { nodes: [{ base: 0, children: [0] }] }],
    ['an edit that is used twice', { nodes: [{ base: 0, children: [1, 1] }, { name: 'n' }] }],
    ['an edit that is not used', { nodes: [{ base: 0 }, { name: 'n' }] }],
    [
      'a child taken twice',
      {
        nodes: [
          {
            base: 0,
            children: [
              [0, 1],
              [0, 1],
            ],
          },
        ],
      },
    ],
    ['a base taken twice', { nodes: [{ base: 0, children: [1, 2] }, { base: 1 }, { base: 1 }] }],
    ['a base below one that is taken whole', { nodes: [{ base: 0, children: [[0, 1], 1] }, { base: 2 }] }],
    [
      'a property taken twice',
      {
        nodes: [
          { base: 0, children: [1] },
          {
            base: 1,
            properties: [
              [0, 1],
              [0, 1],
            ],
          },
        ],
      },
    ],
    ['bytes that are none', { nodes: [{ base: 0, properties: [{ name: 'x', hex: '0g' }] }] }],
    ['half a byte', { nodes: [{ base: 0, properties: [{ name: 'x', hex: '0' }] }] }],
    ['a boot CPU of more than 32 bits', { nodes: [{ base: 0 }], bootCpu: 2 ** 32 }],
    [
      'a reservation that is no number',
      { nodes: [{ base: 0 }], reservations: [{ address: '0x1', size: '1' }] },
    ],
    [
      'a reservation of more than 64 bits',
      { nodes: [{ base: 0 }], reservations: [{ address: '18446744073709551616', size: '1' }] },
    ],
    ['a reservation that is nothing', { nodes: [{ base: 0 }], reservations: [null] }],
  ];
  test.each(cases)('%s', (_, wrong) => {
    expect(() => applyDelta(before, wrong as Delta)).toThrow(InputError);
  });

  test('or makes a tree, if it was made for another', () => {
    fc.assert(
      fc.property(editedTreePair(), trees(), ({ before, after }, another) => {
        try {
          applyDelta(another, createDelta(before, after));
        } catch (error) {
          expect(error).toBeInstanceOf(InputError);
        }
      }),
      { seed: SEED, numRuns: 200 },
    );
  });
});

test('equality of trees sees every difference', () => {
  fc.assert(
    fc.property(editedTreePair(), ({ before, after }) => {
      const { base, ...more } = createDelta(before, after).nodes[0] ?? {};
      const same =
        base === 0 && Object.keys(more).length === 0 && Object.keys(createDelta(before, after)).length === 1;
      expect(sameTree(before, after)).toBe(same);
    }),
    { seed: SEED, numRuns: 500 },
  );
});
