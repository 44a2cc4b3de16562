import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  connectorSize,
  decodeConnector,
  describeConnector,
  encodeConnector,
  encodeConnectorCall,
} from '../../src/papr/index.ts';
import { SEED } from '../support/trees.ts';
import { connectorItems } from './arbitraries.ts';
import { bytesOf, page, text } from './bytes.ts';

const node = bytesOf('20000001 00000001 00000014 00000000 00000000 "ibm,random-v1\\0"');
const property = bytesOf('20000001 00000002 00000014 00000005 0000001c "status\\0" 00 "okay\\0"');

test('the first call', () => {
  expect(encodeConnectorCall(0x20000001)).toEqual(bytesOf('20000001 00000000 00000000 00000000 00000000'));
});

test('a node and a property, in both directions', () => {
  const named = { drcIndex: 0x20000001, progress: 1, item: { status: 2 as const, name: 'ibm,random-v1' } };
  expect(encodeConnector(named)).toEqual(node);
  expect(decodeConnector(2, page(node))).toEqual(named);
  expect(decodeConnector(1, node).item).toEqual({ status: 1, name: 'ibm,random-v1' });

  const valued = {
    drcIndex: 0x20000001,
    progress: 2,
    item: { status: 3 as const, name: 'status', value: text('okay\0') },
  };
  expect(encodeConnector(valued)).toEqual(property);
  expect(decodeConnector(3, page(property))).toEqual(valued);
});

test('encoded replies are decoded and have the computed size', () => {
  const words = fc.nat({ max: 0xffffffff });
  fc.assert(
    fc.property(words, words, connectorItems, (drcIndex, progress, item) => {
      const reply = { drcIndex, progress, item };
      const encoded = encodeConnector(reply);
      expect(decodeConnector(item.status, encoded)).toEqual(reply);
      expect(encoded.length).toBe(connectorSize(item));
    }),
    { seed: SEED },
  );
});

test('values start at multiples of four', () => {
  for (const name of ['a', 'ab', 'abc', 'abcd']) {
    const encoded = encodeConnector({
      drcIndex: 1,
      progress: 1,
      item: { status: 3, name, value: text('x') },
    });
    expect((encoded.length - 1) % 4, name).toBe(0);
  }
});

test('an item that does not fit a page is not encoded', () => {
  const item = (length: number) => ({ status: 3 as const, name: 'abc', value: new Uint8Array(length) });
  expect(encodeConnector({ drcIndex: 1, progress: 1, item: item(4072) }).length).toBe(4096);
  expect(() => encodeConnector({ drcIndex: 1, progress: 1, item: item(4073) })).toThrow(RangeError);
});

test.each([
  [2, '20000001 0000', 4, 'progress of 4 bytes does not fit: 2 bytes remain'],
  [2, '20000001 00000001', 8, 'offset of name of 4 bytes does not fit: 0 bytes remain'],
  [1, '20000001 00000001 00001000', 8, 'name of node starts beyond the page'],
  [
    2,
    '20000001 00000001 00000014 00000000 00000000 "abc"',
    20,
    'name of node has no end within the work area',
  ],
  [2, '20000001 00000001 00000014 00000000 00000000 00', 20, 'name of node is empty'],
  [3, '20000001 00000001 00000014 00000001 00000100 "a\\0"', 16, 'value of a starts beyond the page'],
  [
    3,
    '20000001 00000001 00000014 00000002 00000015 "a\\0"',
    21,
    'value of a of 2 bytes does not fit: 1 bytes remain',
  ],
])('status %i: %s is rejected at byte %i', (status, vector, offset, message) => {
  expect(() => decodeConnector(status, bytesOf(vector))).toThrow(
    expect.objectContaining({ name: 'InputError', message, where: { offset } }),
  );
});

test('a status without a reply is not decoded', () => {
  for (const status of [-1, -2, -9003, 6, 9900])
    expect(() => decodeConnector(status, node)).toThrow(RangeError);
});

test('the ranges of a property describe its parts', () => {
  const ranges = describeConnector(3, page(property)).map(
    ({ offset, length, meaning, value }) => `${offset}+${length} ${meaning}: ${value}`,
  );
  expect(ranges).toEqual([
    '0+4 drc index: 20000001',
    '4+4 progress: 00000002',
    '8+4 offset of name: 20',
    '12+4 length of value: 5',
    '16+4 offset of value: 28',
    '20+7 name of property: status',
    '27+1 not used: ',
    '28+5 value of status: "okay"',
    '33+4063 not used: ',
  ]);
});

test('a name that starts at the end of the page is beyond it', () => {
  const reply = bytesOf('20000001 00000001 00000014 00000000 00000000');
  expect(() => decodeConnector(2, reply)).toThrow('name of node starts beyond the page');
});
