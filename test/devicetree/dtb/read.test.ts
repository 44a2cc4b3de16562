import { describe, expect, test } from 'vitest';
import { InputError, type Where } from '../../../src/base/index.ts';
import { isDtb, node, readDtb, type TreeNode } from '../../../src/devicetree/index.ts';
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

const STRINGS = text('reg\0ibm,drc-index\0name\0');
const REG = 0;
const DRC_INDEX = 4;
/** The end of `ibm,drc-index`. */
const INDEX = 12;
const NAME = 18;

const STRUCTURE = concat(
  begin(''),
  prop(REG, words(1, 2)),
  begin('cpus'),
  prop(DRC_INDEX, text('abc')),
  begin('cpu@8'),
  prop(INDEX, text('')),
  end(),
  begin('cpu@10'),
  end(),
  end(),
  end(),
  finish(),
);

const ROOT = node(
  '',
  [{ name: 'reg', value: words(1, 2) }],
  [
    node(
      'cpus',
      [{ name: 'ibm,drc-index', value: text('abc') }],
      [node('cpu@8', [{ name: 'index', value: text('') }]), node('cpu@10')],
    ),
  ],
);

const RESERVATIONS = [
  [0x1000n, 0x2000n],
  [0xfedcba9876543210n, 1n],
] as const;

describe('reads', () => {
  test('version 17 with reservations and boot CPU', () => {
    const bytes = blob({
      structure: STRUCTURE,
      strings: STRINGS,
      reservations: RESERVATIONS,
      bootCpu: 0xfffffff8,
    });
    expect(readDtb(bytes)).toEqual({
      root: ROOT,
      reservations: [
        { address: 0x1000n, size: 0x2000n },
        { address: 0xfedcba9876543210n, size: 1n },
      ],
      bootCpu: 0xfffffff8,
      version: 17,
      lastCompatibleVersion: 16,
      layout: {
        bytes,
        totalSize: bytes.length,
        reservations: { offset: 40, size: 48 },
        structure: { offset: 88, size: STRUCTURE.length },
        strings: { offset: 88 + STRUCTURE.length, size: STRINGS.length },
      },
    });
  });

  test('version 16, which does not give the size of the structure', () => {
    const dtb = readDtb(blob({ version: 16, structure: STRUCTURE, strings: STRINGS, bootCpu: 3 }));
    expect(dtb).toMatchObject({ root: ROOT, bootCpu: 3, version: 16 });
    expect(dtb.layout.structure.size).toBe(STRUCTURE.length);
  });

  // Full paths as names; a value of 8 bytes or more starts at a multiple of 8.
  const old = concat(
    begin('/'),
    prop(REG, words(1)),
    prop(REG, words(2, 3), 4),
    begin('/cpus'),
    begin('/cpus/cpu@8'),
    prop(NAME, text('cpu\0')),
    prop(REG, words(4, 5, 6)),
    prop(INDEX, text('12345678')),
    end(),
    end(),
    end(),
    finish(),
  );
  const oldRoot = node(
    '',
    [
      { name: 'reg', value: words(1) },
      { name: 'reg', value: words(2, 3) },
    ],
    [
      node(
        'cpus',
        [],
        [
          node('cpu@8', [
            { name: 'name', value: text('cpu\0') },
            { name: 'reg', value: words(4, 5, 6) },
            { name: 'index', value: text('12345678') },
          ]),
        ],
      ),
    ],
  );

  test.each([
    [1, 0],
    [2, 7],
    [3, 7],
  ])('version %i', (version, bootCpu) => {
    const bytes = blob({ version, structure: old, strings: STRINGS, reservations: RESERVATIONS, bootCpu: 7 });
    const dtb = readDtb(bytes);
    expect(dtb).toMatchObject({ version, lastCompatibleVersion: 1, bootCpu });
    expect(dtb.root).toEqual(oldRoot);
    expect(dtb.reservations).toHaveLength(2);
  });

  test('a later version that is compatible with 17', () => {
    const bytes = blob({ structure: STRUCTURE, strings: STRINGS, header: { 20: 18, 24: 17 } });
    expect(readDtb(bytes)).toMatchObject({ root: ROOT, version: 18, lastCompatibleVersion: 17 });
  });

  const orders: BlockName[][] = [
    ['reservations', 'strings', 'structure'],
    ['structure', 'reservations', 'strings'],
    ['structure', 'strings', 'reservations'],
    ['strings', 'reservations', 'structure'],
    ['strings', 'structure', 'reservations'],
  ];
  test.each(orders)('blocks in the order %s, %s, %s, with gaps and at odd offsets', (...order) => {
    for (const gap of [0, 1, 2, 3, 8, 100]) {
      const bytes = blob({
        structure: STRUCTURE,
        strings: STRINGS,
        reservations: RESERVATIONS,
        order,
        gap,
        padding: new Uint8Array(gap),
        trailing: text('xyz'),
      });
      const dtb = readDtb(bytes);
      expect(dtb.root).toEqual(ROOT);
      expect(dtb.reservations).toHaveLength(2);
      expect(dtb.layout.totalSize).toBe(bytes.length - 3);
    }
  });

  test('NOPs before, within and after the nodes', () => {
    const structure = concat(
      nop(),
      begin(''),
      nop(),
      prop(REG, words(1)),
      nop(),
      nop(),
      begin('a'),
      nop(),
      end(),
      nop(),
      end(),
      nop(),
      finish(),
    );
    expect(readDtb(blob({ structure, strings: STRINGS })).root).toEqual(
      node('', [{ name: 'reg', value: words(1) }], [node('a')]),
    );
  });

  test('properties after subnodes, as dtc does', () => {
    const structure = concat(
      begin(''),
      begin('a'),
      prop(NAME, text('')),
      end(),
      prop(REG, words(1)),
      begin('b'),
      end(),
      prop(INDEX, words(2)),
      end(),
      finish(),
    );
    expect(readDtb(blob({ structure, strings: STRINGS })).root).toEqual(
      node(
        '',
        [
          { name: 'reg', value: words(1) },
          { name: 'index', value: words(2) },
        ],
        [node('a', [{ name: 'name', value: text('') }]), node('b')],
      ),
    );
  });

  test('names of any bytes and any length, one character for a byte', () => {
    const long = 'Ä\x80ÿ\x01'.repeat(100);
    const property = `\x9f${'p'.repeat(254)}`;
    const structure = concat(begin('\xe9'), prop(0, text('')), begin(long), end(), end(), finish());
    expect(readDtb(blob({ structure, strings: text(`${property}\0`) })).root).toEqual(
      node('\xe9', [{ name: property, value: text('') }], [node(long)]),
    );
  });

  test('siblings and properties of the same name, and empty names', () => {
    const structure = concat(
      begin(''),
      prop(REG, words(1)),
      prop(REG, words(2)),
      prop(3, text('')),
      begin('a'),
      end(),
      begin('a'),
      end(),
      begin(''),
      end(),
      end(),
      finish(),
    );
    const { root } = readDtb(blob({ structure, strings: STRINGS }));
    expect(root.properties.map(({ name }) => name)).toEqual(['reg', 'reg', '']);
    expect(root.children.map(({ name }) => name)).toEqual(['a', 'a', '']);
  });

  test('a Node Buffer; values are plain views of it, not copies', () => {
    const bytes = Buffer.from(blob({ structure: STRUCTURE, strings: STRINGS }));
    const value = readDtb(bytes).root.properties[0]?.value;
    expect(value?.constructor).toBe(Uint8Array);
    expect(value?.buffer).toBe(bytes.buffer);
  });

  test('100,000 levels', () => {
    const depth = 100_000;
    const structure = concat(repeat(begin('n'), depth), repeat(end(), depth), finish());
    let at: TreeNode | undefined = readDtb(blob({ structure })).root;
    let levels = 0;
    for (; at !== undefined; at = at.children[0]) levels += 1;
    expect(levels).toBe(depth);
  });

  test('the same nodes at each access, also in copies by spread', () => {
    const dtb = readDtb(blob({ structure: STRUCTURE, strings: STRINGS }));
    expect(dtb.root).toBe(dtb.root);
    expect({ ...dtb }.root).toBe(dtb.root);
    expect(() => Object.assign(dtb, { root: ROOT })).toThrow(TypeError);
  });
});

/** The error of a blob. */
function refusal(bytes: Uint8Array): { message: string; where: Where } {
  try {
    readDtb(bytes);
  } catch (error) {
    if (error instanceof InputError) return { message: error.message, where: error.where };
    throw error;
  }
  throw new Error('was read');
}

test('a blob is recognised by its first four bytes, at any offset in memory', () => {
  const bytes = blob({ structure: STRUCTURE, strings: STRINGS });
  const inside = concat(new Uint8Array(3), bytes, text('more')).subarray(3);
  const cases = [
    bytes,
    inside,
    bytes.subarray(0, 4),
    bytes.subarray(0, 3),
    bytes.subarray(1),
    text('/dts-v1/;'),
  ];
  expect(cases.map(isDtb)).toEqual([true, true, true, false, false, false]);
});

describe('refuses', () => {
  const good = { structure: STRUCTURE, strings: STRINGS, reservations: RESERVATIONS };

  test('any blob that is cut short', () => {
    const bytes = blob(good);
    for (let length = 0; length < bytes.length; length += 1) {
      expect(refusal(bytes.subarray(0, length)).where.offset).toBe(length);
    }
  });

  test('any structure block that is cut short', () => {
    for (let length = 0; length < STRUCTURE.length; length += 1) {
      const { where } = refusal(blob({ ...good, structure: STRUCTURE.subarray(0, length) }));
      expect(where.offset).toBeGreaterThanOrEqual(88);
      expect(where.offset).toBeLessThanOrEqual(88 + length);
    }
  });

  test.each<[string, Record<number, number>, number, RegExp]>([
    ['another magic', { 0: 0x1f8b0800 }, 0, /not a device tree blob: it starts with 0x1f8b0800/],
    ['a total size less than the header', { 4: 39 }, 4, /total size of 39 bytes/],
    ['a structure block within the header', { 8: 36 }, 8, /structure block at 36/],
    ['a structure block past the end', { 8: 0xfffffffc }, 8, /structure block at 4294967292/],
    ['a strings block past the end', { 12: 0x10000 }, 12, /strings block at 65536/],
    ['reservations past the end', { 16: 0x80000000 }, 16, /reservations block at 2147483648/],
    ['version 0', { 20: 0 }, 20, /version 0/],
    ['version 15', { 20: 15 }, 20, /version 15/],
    ['a version that needs a newer reader', { 20: 19, 24: 18 }, 20, /version 19, compatible down to 18/],
    [
      'a version that is not compatible with itself',
      { 20: 16, 24: 17 },
      20,
      /version 16, compatible down to 17/,
    ],
    ['strings that end past the end', { 32: 0xffffffff }, 32, /strings block of 4294967295 bytes/],
    ['a structure that ends past the end', { 36: 0x7fffffff }, 36, /structure block of 2147483647 bytes/],
  ])('%s', (_, header, offset, message) => {
    const { message: said, where } = refusal(blob({ ...good, header }));
    expect(said).toMatch(message);
    expect(where).toEqual({ offset });
  });

  test('reservations without an end', () => {
    const bytes = blob({ ...good, order: ['structure', 'reservations', 'strings'] });
    bytes[bytes.length - STRINGS.length - 1] = 1;
    expect(refusal(bytes)).toEqual({
      message: 'memory reservations have no end before the next block',
      where: { offset: bytes.length - STRINGS.length },
    });
  });

  test('reservations at the very end', () => {
    const bytes = blob(good);
    const { message } = refusal(blob({ ...good, header: { 16: bytes.length } }));
    expect(message).toMatch(/no end before the next block/);
  });

  /** Where the structure block starts when there are no reservations. */
  const S = 56;

  test.each<[string, Uint8Array, Where, RegExp]>([
    ['no root', finish(), { offset: S, path: '/' }, /no root node/],
    ['only NOPs', concat(nop(), finish()), { offset: S + 4, path: '/' }, /no root node/],
    [
      'two roots',
      concat(begin(''), end(), begin(''), end(), finish()),
      { offset: S + 12, path: '/' },
      /second root/,
    ],
    [
      'a property before the root',
      concat(prop(0, words(1)), finish()),
      { offset: S, path: '/' },
      /outside of a node/,
    ],
    [
      'a property after the root',
      concat(begin(''), end(), prop(0, words(1)), finish()),
      { offset: S + 12, path: '/' },
      /outside of a node/,
    ],
    [
      'an end too many',
      concat(begin(''), end(), end(), finish()),
      { offset: S + 12, path: '/' },
      /end of a node that did not begin/,
    ],
    [
      'an end too few',
      concat(begin(''), begin('a'), finish()),
      { offset: S + 16, path: '/a' },
      /END token within a node/,
    ],
    [
      'an unknown token',
      concat(begin(''), begin('a'), begin('b@1'), words(5)),
      { offset: S + 24, path: '/a/b@1' },
      /no such token: 0x00000005/,
    ],
    [
      'a value past the end',
      concat(begin(''), begin('a'), words(3, 0xffffffff, 0)),
      { offset: S + 20, path: '/a' },
      /value of reg, 4294967295 bytes/,
    ],
    [
      'a property name outside of the strings',
      concat(begin(''), words(3, 0, STRINGS.length)),
      { offset: S + 16, path: '/' },
      /no name at 23/,
    ],
    [
      'no end of the structure',
      concat(begin(''), end()),
      { offset: S + 12, path: '/' },
      /structure block ends before its END token/,
    ],
    [
      'a name without an end',
      concat(begin(''), words(1, 0x61616161)),
      { offset: S + 12, path: '/' },
      /within the name of a node/,
    ],
  ])('%s', (_, structure, where, message) => {
    const { message: said, where: there } = refusal(blob({ structure, strings: STRINGS }));
    expect(said).toMatch(message);
    expect(there).toEqual(where);
  });

  test('a property name that does not end within the strings block', () => {
    const structure = concat(begin(''), prop(2, words(1)), end(), finish());
    expect(refusal(blob({ structure, strings: text('a\0bcd') })).message).toMatch(/no name at 2/);
  });

  test.each([256, 0x10000, 0x10010])('a property name of %i bytes: no kernel can show it', (length) => {
    const structure = concat(begin(''), prop(0, words(1)), end(), finish());
    const strings = text(`${'p'.repeat(length)}\0`);
    expect(refusal(blob({ structure, strings })).message).toMatch(/no name at 0/);
  });

  test.each([
    ['/a', '/b/c', 'is not below its parent'],
    ['/a', '/a', 'is not below its parent'],
    ['/a', '/a/', 'is not below its parent'],
    ['/a', '/ab', 'is not below its parent'],
    ['/a', '/a/b/c', 'is not below its parent'],
    ['a', 'a/b', 'is not below its parent'],
  ])('version 3 with %s above %s', (parent, name, message) => {
    const structure = concat(begin('/'), begin(parent), begin(name), end(), end(), end(), finish());
    const refused = refusal(blob({ version: 3, structure, strings: STRINGS }));
    expect(refused.message).toContain(message);
    expect(refused.where.path).toBe(parent === 'a' ? '/' : '/a');
  });

  test('version 3 whose root is not /', () => {
    const refused = refusal(blob({ version: 3, structure: concat(begin(''), end(), finish()) }));
    expect(refused.message).toContain('is not below its parent');
  });

  test('with the name of the file', () => {
    expect(() => readDtb(new Uint8Array(0), { file: 'x.dtb' })).toThrow(
      expect.objectContaining({ where: { file: 'x.dtb', offset: 0 } }),
    );
  });

  test('with a path of bounded length, however deep the place is', () => {
    const structure = concat(repeat(begin('n'), 10_000), words(7));
    expect(refusal(blob({ structure })).where.path?.length).toBeLessThan(200);
  });

  test('byte-swapped blobs with a hint', () => {
    expect(() => readDtb(blob({ ...good, header: { 0: 0xedfe0dd0 } }))).toThrow(
      expect.objectContaining({ hint: 'Its 32-bit words are byte-swapped.' }),
    );
  });
});
