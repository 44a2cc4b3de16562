import fc from 'fast-check';
import { expect, test } from 'vitest';
import { InputError } from '../../src/base/index.ts';
import {
  createMemory,
  decodeArgumentBlock,
  encodeArgumentBlock,
  enterRtas,
  type Rtas,
  type RtasCall,
} from '../../src/papr/index.ts';
import { SEED } from '../support/trees.ts';
import { bytesOf } from './bytes.ts';

const updateNodes = bytesOf('00003001 00000002 00000001 026d0000 00000001 00000000');

test('a call of ibm,update-nodes, in both directions', () => {
  const call = { token: 0x3001, args: [0x26d0000, 1], nret: 1 };
  expect(encodeArgumentBlock(call)).toEqual(updateNodes);
  expect(decodeArgumentBlock(updateNodes)).toEqual({ ...call, rets: [0] });
});

test('encoded blocks are decoded: signed status, unsigned words', () => {
  const words = fc.array(fc.nat({ max: 0xffffffff }), { maxLength: 8 });
  const status = fc.integer({ min: -0x80000000, max: 0x7fffffff });
  fc.assert(
    fc.property(fc.nat({ max: 0xffffffff }), words, status, words, (token, args, first, others) => {
      const rets = [first, ...others].slice(0, 16 - args.length);
      const call = { token, args, nret: rets.length };
      expect(decodeArgumentBlock(encodeArgumentBlock(call, rets))).toEqual({ ...call, rets });
    }),
    { seed: SEED },
  );
});

test('a negative scope is encoded as an unsigned word', () => {
  expect(decodeArgumentBlock(encodeArgumentBlock({ token: 1, args: [-2], nret: 0 })).args).toEqual([
    0xfffffffe,
  ]);
});

test.each([
  ['00003001 00000011 00000001', 4, '17 arguments are more than 16'],
  ['00003001 00000010 00000001', 8, '16 arguments and 1 results are more than 16'],
  ['00003001 ffffffff ffffffff', 4, '4294967295 arguments are more than 16'],
  ['00003001 00000002 00000001 00000000', 16, 'argument block of 24 bytes is cut short'],
  ['00003001 0000', 6, 'argument block without its first three words'],
])('%s is rejected at byte %i', (vector, offset, message) => {
  const rejected = expect(() => decodeArgumentBlock(bytesOf(vector)));
  rejected.toThrow(InputError);
  rejected.toThrow(expect.objectContaining({ message, where: { offset } }));
});

test('a call with too many words is not encoded', () => {
  expect(() => encodeArgumentBlock({ token: 1, args: Array(10).fill(0), nret: 7 })).toThrow(RangeError);
});

test('RTAS entry reads the arguments, writes the results after them, and changes nothing else', () => {
  const seen: RtasCall[] = [];
  const rtas: Rtas = {
    tokens: new Map(),
    call(call, memory) {
      seen.push(call);
      memory.write(0x26d0000, Uint8Array.of(7));
      return [-3, 0xffffffff];
    },
  };
  const block = {
    address: 0x100,
    bytes: bytesOf('00003001 00000002 00000002 026d0000 00000001 00 00 00 00 "abcdefgh"'),
  };
  const area = { address: 0x26d0000, bytes: new Uint8Array(4096) };
  const result = enterRtas(rtas, createMemory([block, area]), 0x100);
  expect(seen).toEqual([{ token: 0x3001, args: [0x26d0000, 1], nret: 2 }]);
  expect(result).toEqual({ call: seen[0], rets: [-3, 0xffffffff] });
  expect(block.bytes).toEqual(
    bytesOf('00003001 00000002 00000002 026d0000 00000001 fffffffd ffffffff "efgh"'),
  );
  expect(area.bytes[0]).toBe(7);
});

test('RTAS entry with a malformed block makes no call', () => {
  const rtas: Rtas = {
    tokens: new Map(),
    call() {
      throw new Error('called');
    },
  };
  const memory = createMemory([{ address: 0, bytes: bytesOf('00003001 00000010 00000001 00000000') }]);
  expect(() => enterRtas(rtas, memory, 0)).toThrow(InputError);
  expect(() => enterRtas(rtas, memory, 0x1000)).toThrow(RangeError);
});

test('results: none, and not more than the caller expects', () => {
  const call = { token: 1, args: [2], nret: 0 };
  expect(decodeArgumentBlock(encodeArgumentBlock(call)).rets).toEqual([]);
  expect(() => encodeArgumentBlock(call, [0])).toThrow(
    new RangeError('1 arguments and 0 results do not fit an argument block'),
  );
});
