import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  decodeUpdateProperties,
  describeUpdateProperties,
  descriptorSize,
  encodeUpdateProperties,
  type UpdatePropertiesReply,
} from '../../src/papr/index.ts';
import { SEED } from '../support/trees.ts';
import { propertiesReplies } from './arbitraries.ts';
import { bytesOf, page, text } from './bytes.ts';

const bytes = bytesOf(`
  fffffff4 00000000 00000000 00000000 00000004
  00 0000002c "/ibm,platform-facilities/ibm,compression-v1\\0"
  "status\\0" 00000005 "okay\\0"
  "ibm,old\\0" 80000000
  "ibm,flag\\0" 00000000`);
const reply: UpdatePropertiesReply = {
  phandle: 0xfffffff4,
  state: 0,
  descriptors: [
    { kind: 'path', path: '/ibm,platform-facilities/ibm,compression-v1' },
    { kind: 'value', name: 'status', value: text('okay\0') },
    { kind: 'deleted', name: 'ibm,old' },
    { kind: 'empty', name: 'ibm,flag' },
  ],
};

test('the compression reply, in both directions', () => {
  expect(bytes.length).toBe(110);
  expect(encodeUpdateProperties(reply)).toEqual(bytes);
  expect(decodeUpdateProperties(bytes)).toEqual(reply);
  expect(decodeUpdateProperties(page(bytes, 0xaa))).toEqual(reply);
});

test('a property of 5000 bytes in two parts, in both directions', () => {
  const value = Uint8Array.from({ length: 5000 }, (_, index) => index);
  const [one, two] = [value.subarray(0, 4000), value.subarray(4000)];
  const first = bytesOf(
    '00001001 00000001 00000000 00000000 00000002 00 00000007 "/rtas0\\0" "big\\0" fffff060',
  );
  const second = bytesOf('00001001 00000000 00000000 00000000 00000001 "big\\0" 000003e8');
  const replies: UpdatePropertiesReply[] = [
    {
      phandle: 0x1001,
      state: 1,
      descriptors: [
        { kind: 'path', path: '/rtas0' },
        { kind: 'partial', name: 'big', value: one },
      ],
    },
    { phandle: 0x1001, state: 0, descriptors: [{ kind: 'value', name: 'big', value: two }] },
  ];
  const vectors = [Uint8Array.of(...first, ...one), Uint8Array.of(...second, ...two)];
  expect(replies.map(encodeUpdateProperties)).toEqual(vectors);
  expect(vectors.map(decodeUpdateProperties)).toEqual(replies);
});

test('encoded replies are decoded and have the computed size', () => {
  fc.assert(
    fc.property(propertiesReplies, (any) => {
      const encoded = encodeUpdateProperties(any);
      expect(decodeUpdateProperties(encoded)).toEqual(any);
      expect(encoded.length).toBe(any.descriptors.reduce((size, each) => size + descriptorSize(each), 20));
    }),
    { seed: SEED },
  );
});

test('the length of a path may exclude its NUL', () => {
  const bare = bytesOf('00000001 00000000 00000000 00000000 00000001 00 00000004 "/cpu"');
  expect(decodeUpdateProperties(bare).descriptors).toEqual([{ kind: 'path', path: '/cpu' }]);
});

const header = (count: string) => `00000001 00000000 00000000 00000000 ${count}`;

test.each([
  ['00000001 00000000 00000000 00000001 00000000', 15, 'reserved must be zero'],
  [
    '00000001 00000000 00000000 00000000',
    16,
    'number of descriptors of 4 bytes does not fit: 0 bytes remain',
  ],
  [header('00000001'), 20, 'name of property has no end within the work area'],
  [`${header('00000001')} "abc"`, 20, 'name of property has no end within the work area'],
  [`${header('00000001')} "abc\\0" 0000`, 24, 'value descriptor of 4 bytes does not fit: 2 bytes remain'],
  [
    `${header('00000001')} "abc\\0" 00000003 "ab"`,
    28,
    'value of abc of 3 bytes does not fit: 2 bytes remain',
  ],
  [`${header('00000001')} "abc\\0" fffffffd "ab"`, 28, 'part of abc of 3 bytes does not fit: 2 bytes remain'],
  [
    `${header('00000001')} "abc\\0" 80000001`,
    28,
    'part of abc of 2147483647 bytes does not fit: 0 bytes remain',
  ],
  [`${header('ffffffff')} "abc\\0" 00000000`, 28, 'name of property has no end within the work area'],
  [
    `${header('00000002')} "abc\\0" 00000000 00 00000002 "/\\0"`,
    28,
    'only the first descriptor may be a path',
  ],
  [`${header('00000001')} 00 00000003 "cpu"`, 25, 'path of node is not an absolute path'],
  [`${header('00000001')} 00 00000000`, 25, 'path of node is not an absolute path'],
  [
    `${header('00000002')} "abc\\0" ffffffff "x" "d\\0" 00000000`,
    29,
    'a partial property must be the last descriptor, and abc is not',
  ],
])('%s is rejected at byte %i', (vector, offset, message) => {
  expect(() => decodeUpdateProperties(bytesOf(vector))).toThrow(
    expect.objectContaining({ name: 'InputError', message, where: { offset } }),
  );
});

test('a reply larger than a page is not encoded', () => {
  const value = new Uint8Array(4096 - 20 - 4 - 2);
  const one = (bytes: Uint8Array) => ({
    phandle: 1,
    state: 0,
    descriptors: [{ kind: 'value' as const, name: 'a', value: bytes }],
  });
  expect(encodeUpdateProperties(one(value)).length).toBe(4096);
  expect(() => encodeUpdateProperties(one(new Uint8Array(value.length + 1)))).toThrow(RangeError);
});

test('the ranges of a reply describe each field', () => {
  const ranges = describeUpdateProperties(page(bytes)).map(
    ({ offset, length, meaning, value }) => `${offset}+${length} ${meaning}: ${value}`,
  );
  expect(ranges).toEqual([
    '0+4 phandle: fffffff4',
    '4+4 state: 00000000',
    '8+8 reserved: ',
    '16+4 number of descriptors: 4',
    '20+1 name of property: none: the path of the node',
    '21+4 value descriptor: 44 bytes',
    '25+44 path of node: "/ibm,platform-facilities/ibm,compression-v1"',
    '69+7 name of property: status',
    '76+4 value descriptor: 5 bytes',
    '80+5 value of status: "okay"',
    '85+8 name of property: ibm,old',
    '93+4 value descriptor: deleted',
    '97+9 name of property: ibm,flag',
    '106+4 value descriptor: no value',
    '110+3986 not used: ',
  ]);
});
