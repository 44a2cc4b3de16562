import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  attachPhandle,
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
import { editedTreePair } from '../../support/edited-trees.ts';
import { SEED, trees } from '../../support/trees.ts';

const at = (phandle: number, name: string, properties: Property[] = [], children: TreeNode[] = []) =>
  node(name, [cells('ibm,phandle', phandle), ...properties], children);
const root = (...children: TreeNode[]) => tree(node('', [], children));
const compare = (before: TreeNode[], after: TreeNode[], order = false) =>
  shorten(diffTrees(root(...before), root(...after), { by: 'phandle', order }));

describe('by phandle', () => {
  test('nodes come and go, each one of a subtree by itself', () => {
    const gone = at(1, 'a', [], [at(2, 'b'), at(3, 'c')]);
    const come = at(4, 'd', [], [at(5, 'e')]);
    expect(compare([gone], [come])).toEqual(['- /a', '- /a/b', '- /a/c', '+ /d', '+ /d/e']);
  });

  test('added, removed and changed properties, with their bytes', () => {
    const before = root(at(1, 'a', [cells('x', 1), flag('y'), flag('same')]));
    const after = root(at(1, 'a', [flag('same'), cells('x', 2), flag('z')]));
    const place = { path: '/a', number: 1, phandle: 1 };
    const places = { before: place, after: place };
    expect(diffTrees(before, after, { by: 'phandle' })).toEqual([
      {
        kind: 'property-changed',
        ...places,
        name: 'x',
        oldValue: cells('', 1).value,
        newValue: cells('', 2).value,
      },
      { kind: 'property-added', ...places, name: 'z', newValue: new Uint8Array(0) },
      { kind: 'property-removed', ...places, name: 'y', oldValue: new Uint8Array(0) },
    ]);
  });

  test('a node under another parent has moved; what is below moves along, and is compared there', () => {
    const moved = (value: number) => at(2, 'b', [], [at(3, 'c', [cells('x', value)]), node('bare')]);
    expect(
      compare([at(1, 'a', [], [moved(1)]), at(4, 'd')], [at(1, 'a'), at(4, 'd', [], [moved(2)])]),
    ).toEqual(['/a/b moved /d/b', '/d/b/c:x changed']);
  });

  test('a node with a removed parent and one with a new parent can be the same node', () => {
    expect(compare([at(1, 'a', [], [at(2, 'b')])], [at(2, 'b')])).toEqual(['- /a', '/a/b moved /b']);
    expect(compare([at(2, 'b')], [at(1, 'a', [], [at(2, 'b')])])).toEqual(['+ /a', '/b moved /a/b']);
  });

  test('parent and child that changed places both moved', () => {
    expect(compare([at(1, 'a', [], [at(2, 'b')])], [at(2, 'b', [], [at(1, 'a')])])).toEqual([
      '/a/b moved /b',
      '/a moved /b/a',
    ]);
  });

  test('a node at another unit address is renamed', () => {
    expect(compare([at(1, 'l2-cache@200d')], [at(1, 'l2-cache@2010')])).toEqual([
      '/l2-cache@200d renamed /l2-cache@2010',
    ]);
  });

  test('the same phandle with another name, device_type or compatible is another node, never an update', () => {
    const power = (name: string, ...more: Property[]) => at(0x10000000, name, more);
    expect(compare([power('PowerPC,POWER9@0')], [power('PowerPC,POWER10@0')])).toEqual([
      '/PowerPC,POWER9@0 replaced /PowerPC,POWER10@0 (name)',
    ]);
    const typed = (type: string, compatible: string) =>
      power('n', string('device_type', type), string('compatible', compatible), cells('x', type.length));
    expect(compare([typed('a', 'a')], [typed('bb', 'a')])).toEqual(['/n replaced /n (device_type)']);
    const [change] = diffTrees(root(typed('a', 'a')), root(typed('bb', 'b')), { by: 'phandle' });
    expect(change).toMatchObject({
      differs: ['device_type', 'compatible'],
      oldProperties: typed('a', 'a').properties,
      newProperties: typed('bb', 'b').properties,
    });
  });

  test('the same name with another phandle is another node', () => {
    expect(compare([at(1, 'a', [], [at(5, 'b')])], [at(2, 'a', [], [at(5, 'b')])])).toEqual([
      '- /a',
      '+ /a',
      '/a/b moved /a/b',
    ]);
  });

  test('nodes without a phandle go by name, siblings of one name by order', () => {
    const twins = (one: number, two: number) => [node('n', [cells('x', one)]), node('n', [cells('x', two)])];
    expect(compare(twins(1, 2), twins(1, 3))).toEqual(['/n#1:x changed']);
    expect(compare(twins(1, 2), twins(1, 2).slice(0, 1))).toEqual(['- /n#1']);
    expect(compare([node('a', [cells('x', 1)])], [at(1, 'a', [cells('x', 1)])])).toEqual([
      '/a:ibm,phandle added',
    ]);
    expect(compare([at(1, 'a')], [node('a')])).toEqual(['/a:ibm,phandle removed']);
  });

  test('a duplicate phandle is paired by place, then by order', () => {
    const copy = (value: number) => at(0x2011, 'l2-cache@2011', [cells('x', value)]);
    expect(compare([copy(1)], [copy(1), copy(2)])).toEqual(['+ /l2-cache@2011#1']);
    expect(compare([node('cpus', [], [copy(1)]), copy(2)], [copy(2), node('cpus', [], [copy(1)])])).toEqual(
      [],
    );
    expect(compare([at(1, 'a', [], [copy(1)]), copy(2)], [at(9, 'b', [], [copy(1)]), copy(2)])).toEqual([
      '- /a',
      '+ /b',
      '/a/l2-cache@2011 moved /b/l2-cache@2011',
    ]);
  });

  test('the two roots are the same node, whatever their phandles', () => {
    const numbered = (phandle: number) => tree(node('', [cells('ibm,phandle', phandle)]));
    expect(shorten(diffTrees(numbered(1), numbered(2), { by: 'phandle' }))).toEqual([
      '/:ibm,phandle changed',
    ]);
    // A migration changes the root's compatible and model: these are updates, not another root.
    const model = (name: string) => tree(node('', [cells('ibm,phandle', 1), string('compatible', name)]));
    expect(shorten(diffTrees(model('a'), model('b'), { by: 'phandle' }))).toEqual(['/:compatible changed']);
  });

  test('phandles are read by the given reader', () => {
    const both = (client: number) => node('n', [cells('phandle', client), cells('ibm,phandle', 1)]);
    expect(compare([both(7)], [both(8)])).toEqual(['/n:phandle changed']);
    const changes = diffTrees(root(both(7)), root(both(8)), { by: 'phandle', readPhandle: attachPhandle });
    expect(shorten(changes)).toEqual(['- /n', '+ /n']);
  });
});

describe('order', () => {
  const [a, b, c] = [at(1, 'a'), at(2, 'b'), at(3, 'c')];

  test('of children is reported on request, for those in both trees', () => {
    expect(compare([a, b, c], [c, at(4, 'd'), a])).toEqual(['- /b', '+ /d']);
    expect(compare([a, b, c], [c, at(4, 'd'), a], true)).toEqual(['/ order a,c → c,a', '- /b', '+ /d']);
    expect(compare([a, b, c], [a, at(4, 'd'), c], true)).toEqual(['- /b', '+ /d']);
  });

  test('of siblings of one name is reported by their sysfs names', () => {
    const twins = [at(1, 'n'), at(2, 'n')];
    expect(compare(twins, twins.toReversed(), true)).toEqual(['/ order n,n#1 → n,n#1']);
  });

  test('of properties is not reported, except of several of one name', () => {
    const [x, y] = [cells('x', 1), cells('x', 2)];
    expect(compare([at(1, 'a', [x, flag('f')])], [at(1, 'a', [flag('f'), x])], true)).toEqual([]);
    expect(compare([at(1, 'a', [x, y])], [at(1, 'a', [y, x])])).toEqual(['/a:x changed', '/a:x changed']);
  });
});

test('reservations and the boot CPU are compared', () => {
  const before = tree(node(''), [{ address: 0n, size: 1n }], 0);
  const after = tree(node(''), [{ address: 0n, size: 2n }], 8);
  expect(shorten(diffTrees(before, after, { by: 'phandle' }))).toEqual(['boot cpu 0 → 8', 'reservations']);
});

describe('any two trees', () => {
  test('have no differences when they are one', () => {
    fc.assert(
      fc.property(trees(), (any) => {
        expect(diffTrees(any, any, { by: 'phandle', order: true })).toEqual([]);
      }),
      { seed: SEED },
    );
  });

  test('have none only if they are equal but for the order of properties', () => {
    const sorted = ({ name, properties, children }: TreeNode): TreeNode => ({
      name,
      properties: properties.toSorted((one, other) =>
        one.name < other.name ? -1 : one.name > other.name ? 1 : 0,
      ),
      children: children.map(sorted),
    });
    let equal = 0;
    fc.assert(
      fc.property(editedTreePair(), ({ before, after }) => {
        if (diffTrees(before, after, { by: 'phandle', order: true }).length > 0) return;
        equal += 1;
        expect({ ...after, root: sorted(after.root) }).toEqual({ ...before, root: sorted(before.root) });
      }),
      { seed: SEED, numRuns: 500 },
    );
    expect(equal).toBeGreaterThan(10);
  });

  test('are compared node by node: each is paired, removed or new', () => {
    fc.assert(
      fc.property(editedTreePair(), ({ before, after }) => {
        const count = ({ children }: TreeNode): number =>
          children.reduce((sum, each) => sum + count(each), 1);
        const kinds = diffTrees(before, after, { by: 'phandle' }).map(({ kind }) => kind);
        const gone = kinds.filter((kind) => kind === 'node-removed').length;
        const come = kinds.filter((kind) => kind === 'node-added').length;
        expect(count(before.root) - gone).toBe(count(after.root) - come);
      }),
      { seed: SEED, numRuns: 300 },
    );
  });
});
