import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  decodeUpdateNodes,
  describeUpdateNodes,
  encodeUpdateNodes,
  type UpdateNodesReply,
} from '../../src/papr/index.ts';
import { SEED } from '../support/trees.ts';
import { nodesReplies } from './arbitraries.ts';
import { bytesOf, page } from './bytes.ts';

// Three leaves and their parent deleted, one node updated, the hierarchy added under the root.
const bytes = bytesOf(`
  00000000 00000000 00000000 00000000
  01000003 fffffff5 fffffff4 fffffff3
  01000001 fffffff6
  02000001 00001001
  03000001 ffffffff 20000001
  00000000`);
const reply: UpdateNodesReply = {
  state: 0,
  operations: [
    { operation: 'delete', phandles: [0xfffffff5, 0xfffffff4, 0xfffffff3] },
    { operation: 'delete', phandles: [0xfffffff6] },
    { operation: 'update', phandles: [0x1001] },
    { operation: 'add', pairs: [{ parent: 0xffffffff, drcIndex: 0x20000001 }] },
  ],
};

test('the platform-facilities reply, in both directions', () => {
  expect(encodeUpdateNodes(reply)).toEqual(bytes);
  expect(decodeUpdateNodes(bytes)).toEqual(reply);
  expect(decodeUpdateNodes(page(bytes, 0xaa))).toEqual(reply);
});

test('encoded replies are decoded', () => {
  fc.assert(
    fc.property(nodesReplies, (any) => {
      expect(decodeUpdateNodes(encodeUpdateNodes(any))).toEqual(any);
    }),
    { seed: SEED },
  );
});

const header = '00000000 00000000 00000000 00000000';

test.each([
  ['00000000 00000000 00', 4, 'reserved of 12 bytes does not fit: 5 bytes remain'],
  ['00000000 00000000 00000100 00000000 00000000', 10, 'reserved must be zero'],
  [`${header} 04000001 00000001 00000000`, 16, 'operator 04000001 has an unknown opcode'],
  [`${header} 00000001 00000000`, 16, 'operator 00000001 has an unknown opcode'],
  [`${header} 01000003 fffffff5 00000000`, 16, '3 nodes to delete need 12 bytes: 8 remain'],
  [`${header} 03000001 ffffffff`, 16, '1 nodes to add need 8 bytes: 4 remain'],
  [`${header} 01ffffff fffffff5 00000000`, 16, '16777215 nodes to delete need 67108860 bytes: 8 remain'],
  [`${header} 02000001 00001001 01000001 00001001 00000000`, 24, 'a list of nodes to delete comes too late'],
  [`${header} 02000001 00001001`, 24, 'the lists have no end within the work area'],
  [`${header} 02000001 00001001 0000`, 24, 'the lists have no end within the work area'],
])('%s is rejected at byte %i', (vector, offset, message) => {
  expect(() => decodeUpdateNodes(bytesOf(vector))).toThrow(
    expect.objectContaining({ name: 'InputError', message, where: { offset } }),
  );
});

test('lists may fill the page without a zero word at the end', () => {
  const operands = new Uint8Array(4 * 1019).fill(1);
  const full = page(Uint8Array.of(...bytesOf(`${header} 020003fb`), ...operands)); // 1019 operands
  expect(decodeUpdateNodes(full).operations).toEqual([
    { operation: 'update', phandles: Array(1019).fill(0x01010101) },
  ]);
  expect(describeUpdateNodes(full).at(-1)).toEqual({
    offset: 4096,
    length: 0,
    meaning: 'end of the lists, for which there is no room',
    value: '',
  });
  expect(() => decodeUpdateNodes(page(bytesOf(`${header} 020003fc`)))).toThrow(
    /need 4080 bytes: 4076 remain/,
  );
  expect(() => decodeUpdateNodes(full.slice(0, 4092))).toThrow(/need/);
});

test('a page holds 1018 phandles in addition to an operator and a zero word', () => {
  const phandles = Array(1018).fill(1);
  expect(encodeUpdateNodes({ state: 0, operations: [{ operation: 'update', phandles }] }).length).toBe(4096);
  expect(() =>
    encodeUpdateNodes({ state: 0, operations: [{ operation: 'update', phandles: [...phandles, 1] }] }),
  ).toThrow(RangeError);
});

test('the ranges of a reply describe each word', () => {
  const ranges = describeUpdateNodes(page(bytes)).map(
    ({ offset, length, meaning, value }) => `${offset}+${length} ${meaning}: ${value}`,
  );
  expect(ranges).toEqual([
    '0+4 state: 00000000',
    '4+12 reserved: ',
    '16+4 operator: delete, 3 nodes',
    '20+4 deleted node: fffffff5',
    '24+4 deleted node: fffffff4',
    '28+4 deleted node: fffffff3',
    '32+4 operator: delete, 1 node',
    '36+4 deleted node: fffffff6',
    '40+4 operator: update, 1 node',
    '44+4 updated node: 00001001',
    '48+4 operator: add, 1 node',
    '52+4 parent of the added node: ffffffff',
    '56+4 drc index: 20000001',
    '60+4 operator: end of the lists',
    '64+4032 not used: ',
  ]);
});
