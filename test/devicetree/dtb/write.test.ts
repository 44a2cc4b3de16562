import { describe, expect, test } from 'vitest';
import { InputError } from '../../../src/base/index.ts';
import {
  node,
  type Property,
  readDtb,
  sameTree,
  type Tree,
  type TreeNode,
  tree,
  writeDtb,
} from '../../../src/devicetree/index.ts';
import {
  type BlockName,
  begin,
  blob,
  concat,
  end,
  finish,
  nop,
  prop,
  repeat,
  text,
  words,
} from '../../support/blobs.ts';

const STRINGS = text('unused\0ibm,reg\0reg\0');
const STRUCTURE = concat(
  nop(),
  begin(''),
  prop(11, words(1, 2)),
  nop(),
  prop(15, text('abc')),
  begin('a'),
  prop(7, text('')),
  begin('b'),
  end(),
  end(),
  prop(7, words(3)),
  end(),
  nop(),
  finish(),
);
const RESERVATIONS = [[0x1000n, 0x2000n]] as const;

const orders: BlockName[][] = [
  ['reservations', 'structure', 'strings'],
  ['reservations', 'strings', 'structure'],
  ['structure', 'reservations', 'strings'],
  ['strings', 'structure', 'reservations'],
];

/** A blob with all that dtc would write differently. */
function foreign(order: BlockName[], gap: number, version = 17): Uint8Array {
  const structure = STRUCTURE.slice();
  // Padding need not be zero.
  structure[4 + 8 + 12 + 8 + 4 + 12 + 3] = 0x55;
  return blob({
    version,
    structure,
    strings: STRINGS,
    reservations: RESERVATIONS,
    bootCpu: 8,
    order,
    gap,
    padding: text('padding'),
    trailing: text('trailing'),
  });
}

/** What dtc makes of the foreign blobs, put together by hand. */
const REPACKED = blob({
  reservations: RESERVATIONS,
  bootCpu: 8,
  structure: concat(
    begin(''),
    prop(0, words(1, 2)),
    prop(0, text('abc')),
    prop(4, words(3)),
    begin('a'),
    prop(4, text('')),
    begin('b'),
    end(),
    end(),
    end(),
    finish(),
  ),
  strings: text('reg\0ibm,reg\0'),
});

const plain = ({ root, reservations, bootCpu }: Tree): Tree => ({ root, reservations, bootCpu });

describe.each(orders)('a blob with the order %s, %s, %s', (...order) => {
  test.each([0, 1, 4, 8, 1000])('and gaps of %i bytes: the same bytes again', (gap) => {
    const bytes = foreign(order, gap);
    const dtb = readDtb(bytes);
    expect(writeDtb(dtb)).toEqual(bytes);
    // Still the same tree, although not the same object.
    expect(writeDtb({ ...dtb })).toEqual(bytes);
    expect(writeDtb(plain(dtb), { layout: dtb.layout })).toEqual(bytes);
    expect(writeDtb(plain(readDtb(REPACKED)), { layout: dtb.layout })).toEqual(bytes);
    expect(writeDtb(dtb, { layout: structuredClone(dtb.layout) })).toEqual(bytes);
  });

  test("repacked, without layout, or changed: dtc's layout", () => {
    const dtb = readDtb(foreign(order, 8));
    expect(writeDtb(dtb, { repack: true })).toEqual(REPACKED);
    expect(writeDtb({ ...dtb }, { repack: true })).toEqual(REPACKED);
    expect(writeDtb(plain(dtb))).toEqual(REPACKED);
    const changed = REPACKED.slice();
    changed[31] = 9;
    expect(writeDtb({ ...dtb, bootCpu: 9 })).toEqual(changed);
  });

  test('version 16 stays version 16, unless the tree or the option differs', () => {
    const bytes = foreign(order, 8, 16);
    const dtb = readDtb(bytes);
    expect(writeDtb(dtb)).toEqual(bytes);
    expect(writeDtb(dtb, { version: 16 })).toEqual(bytes);
    expect(writeDtb(dtb, { version: 17 })).toEqual(REPACKED);
  });
});

test('what is written is no view of what was read', () => {
  const bytes = foreign(['reservations', 'structure', 'strings'], 8);
  const written = writeDtb(readDtb(bytes));
  written.fill(0);
  expect(bytes[0]).toBe(0xd0);
});

test('any change is seen', () => {
  const dtb = readDtb(foreign(['reservations', 'structure', 'strings'], 8));
  const { root } = dtb;
  const a = root.children[0] as TreeNode;
  const [reg, second, third] = root.properties as [Property, Property, Property];
  const changes: Partial<Tree>[] = [
    { bootCpu: 0 },
    { reservations: [] },
    { reservations: [{ address: 0x1000n, size: 0x2001n }] },
    { reservations: [...dtb.reservations, { address: 0n, size: 1n }] },
    { root: { ...root, name: 'x' } },
    { root: { ...root, children: [] } },
    { root: { ...root, children: [a, a] } },
    { root: { ...root, children: [{ ...a, name: 'aa' }] } },
    { root: { ...root, properties: [reg, second] } },
    { root: { ...root, properties: [reg, third, second] } },
    { root: { ...root, properties: [reg, second, { ...third, name: 'other' }] } },
    { root: { ...root, properties: [reg, second, { ...third, value: words(4) }] } },
    { root: { ...root, properties: [reg, second, { ...third, value: new Uint8Array(5) }] } },
  ];
  for (const change of changes) {
    const changed = { ...dtb, ...change };
    const written = writeDtb(changed);
    expect(sameTree(readDtb(written), changed)).toBe(true);
    expect(readDtb(written).layout.totalSize).toBe(written.length);
  }
});

test.each([1, 2, 3])('version %i becomes 17', (version) => {
  const structure = concat(begin('/'), prop(0, words(1, 2), 4), begin('/a'), end(), end(), finish());
  const dtb = readDtb(blob({ version, structure, strings: text('reg\0'), bootCpu: 0 }));
  const expected = blob({
    structure: concat(begin(''), prop(0, words(1, 2)), begin('a'), end(), end(), finish()),
    strings: text('reg\0'),
  });
  expect(writeDtb(dtb)).toEqual(expected);
  expect(writeDtb(plain(dtb))).toEqual(expected);
});

test('version 16 has a shorter header', () => {
  expect(writeDtb(tree(node(''), [], 5), { version: 16 })).toEqual(
    blob({ version: 16, bootCpu: 5, structure: concat(begin(''), end(), finish()) }),
  );
});

/** The strings block for properties of these names. */
function stringsOf(...names: string[]): string {
  const properties = names.map((name) => ({ name, value: new Uint8Array(0) }));
  const bytes = writeDtb(tree(node('', properties)));
  const { layout, root } = readDtb(bytes);
  expect(root.properties.map(({ name }) => name)).toEqual(names);
  return String.fromCharCode(...bytes.subarray(layout.strings.offset));
}

test.each<[string[], string]>([
  [['reg', 'ibm,reg', 'reg'], 'reg\0ibm,reg\0'],
  [['ibm,reg', 'reg', 'eg', 'g', ''], 'ibm,reg\0'],
  [['a-reg', 'b-reg', 'reg', '-reg', 'b-reg'], 'a-reg\0b-reg\0'],
  [['', 'a', ''], '\0a\0'],
  [['\xff\x80', '\x80', '\xff'], '\xff\x80\0\xff\0'],
  [['xa', 'ya', 'za', 'a', 'xxa', 'xa'], 'xa\0ya\0za\0xxa\0'],
])('names %j share a strings block as in dtc', (names, strings) => {
  expect(stringsOf(...names)).toBe(strings);
});

test('padding, space, alignment and spare reservations', () => {
  const bare = tree(node(''));
  const size = writeDtb(bare).length;
  expect(size).toBe(40 + 16 + 16);
  expect(writeDtb(bare, { pad: 5 })).toEqual(
    blob({ structure: concat(begin(''), end(), finish()), padding: new Uint8Array(5) }),
  );
  expect(writeDtb(bare, { space: 100 })).toHaveLength(100);
  expect(writeDtb(bare, { space: 10 })).toHaveLength(size);
  expect(writeDtb(bare, { space: 1000, pad: 1 })).toHaveLength(1000);
  expect(writeDtb(bare, { align: 64 })).toHaveLength(128);
  expect(writeDtb(bare, { space: 130, align: 100 })).toHaveLength(200);
  const { layout } = readDtb(writeDtb(bare, { reserve: 3 }));
  expect(layout.structure.offset).toBe(40 + 4 * 16);
  // Each of them asks for a layout other than the one that was read.
  const dtb = readDtb(foreign(['strings', 'structure', 'reservations'], 8));
  for (const options of [{ pad: 1 }, { space: 1 }, { align: 1 }, { reserve: 1 }]) {
    expect(readDtb(writeDtb(dtb, options)).layout.reservations.offset).toBe(40);
  }
});

test('large trees: many nodes, many names, long values, great depth', () => {
  const value = (size: number) => new Uint8Array(size).fill(size);
  const properties = Array.from({ length: 3000 }, (_, index) => ({
    name: `p${index}`,
    value: value(index % 100),
  }));
  const wide = Array.from({ length: 3000 }, (_, index) =>
    node(`n@${index.toString(16)}`, [{ name: 'reg', value: value(index % 50 === 0 ? 70_000 : 4) }]),
  );
  let deep = node('leaf');
  for (let level = 0; level < 50_000; level += 1) deep = node('n', [], [deep]);
  const large = tree(node('', properties, [...wide.slice(0, 40), deep, ...wide]));
  const bytes = writeDtb(large);
  const read = readDtb(bytes);
  expect(sameTree(read, large)).toBe(true);
  expect(Buffer.compare(writeDtb(readDtb(bytes), { repack: true }), bytes)).toBe(0);
  expect(Buffer.compare(writeDtb(plain(read)), bytes)).toBe(0);
});

test.each<[string, Tree, string | undefined]>([
  ['NUL in the name of a node', tree(node('', [], [node('a', [], [node('b\0')])])), '/a/b\0'],
  ['a character that is no byte', tree(node('', [], [node('Ω')])), '/Ω'],
  ['NUL in the name of a property', tree(node('', [{ name: 'a\0', value: text('') }])), '/:a\0'],
  [
    'a property name that is too long',
    tree(node('', [{ name: 'p'.repeat(256), value: text('') }])),
    `/:${'p'.repeat(256)}`,
  ],
  ['a boot CPU of more than 32 bits', tree(node(''), [], 2 ** 32), undefined],
  ['a boot CPU that is no number', tree(node(''), [], Number.NaN), undefined],
  ['a negative reservation', tree(node(''), [{ address: -1n, size: 1n }]), undefined],
  ['a reservation of more than 64 bits', tree(node(''), [{ address: 0n, size: 1n << 64n }]), undefined],
])('refuses %s', (_, wrong, path) => {
  try {
    writeDtb(wrong);
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    expect((error as InputError).where.path).toBe(path);
    return;
  }
  expect.unreachable('was written');
});

test('reads what it wrote a thousand levels down', () => {
  const structure = concat(repeat(begin('n'), 1000), repeat(end(), 1000), finish());
  const bytes = blob({ structure });
  expect(writeDtb(plain(readDtb(bytes)))).toEqual(bytes);
});
