import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeRequest, type Message, MessageReader } from '../../../src/lab/agent/protocol.ts';
import { SEED } from '../../support/trees.ts';

function encodeAnswer(sequence: number, status: number, bytes: Uint8Array): Buffer {
  return Buffer.concat([
    Buffer.from(`\x01TP ${sequence} ${status}\n`),
    bytes.length === 0 ? bytes : gzipSync(bytes),
    Buffer.from(`\n\x01TP ${sequence} end\n`),
  ]);
}

/** All messages that the reader finds when the bytes arrive in chunks that end at `cuts`. */
function readAll(bytes: Buffer, cuts: readonly number[] = []): Message[] {
  const reader = new MessageReader();
  const ends = [...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  let from = 0;
  return ends.flatMap((end) => {
    const found = reader.push(bytes.subarray(from, end));
    from = end;
    return found;
  });
}

test('a request contains everything twice, after a newline that ends any earlier line', () => {
  const request = "\nTP 12 9 12 9\nread '/x'\x1eread '/x'\n";
  expect(encodeRequest(12, Buffer.from("read '/x'")).toString()).toBe(request);
});

test('answers are found among other bytes, however the stream is split', () => {
  const rubbish = fc
    .uint8Array({ maxLength: 80 })
    .map((bytes) => Buffer.from(bytes).toString('latin1').replaceAll('\x01TP ', ''));
  const answer = fc.record({
    sequence: fc.nat(2 ** 31),
    status: fc.integer({ min: 0, max: 255 }),
    bytes: fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
  });
  fc.assert(
    fc.property(
      fc.array(fc.tuple(rubbish, answer), { maxLength: 5 }),
      fc.array(fc.nat(3000), { maxLength: 40 }),
      (parts, cuts) => {
        const bytes = Buffer.concat(
          parts.flatMap(([before, { sequence, status, bytes: content }]) => [
            Buffer.from(before, 'latin1'),
            encodeAnswer(sequence, status, content),
          ]),
        );
        expect(readAll(bytes, cuts)).toEqual(parts.map(([, expected]) => ({ kind: 'answer', ...expected })));
      },
    ),
    { seed: SEED, numRuns: 200 },
  );
});

test.each([1, 2, 3, 13, 16])('answers are found in chunks of %i bytes, and in lines', (size) => {
  const contents = ['', 'first', 'the second\n'.repeat(20)].map((content) => Buffer.from(content));
  const answers = contents.map((content, index) => encodeAnswer(index, 0, content));
  const expected = contents.map((bytes, sequence) => ({ kind: 'answer', sequence, status: 0, bytes }));
  const bytes = Buffer.concat(answers);
  const cuts = Array.from({ length: Math.floor(bytes.length / size) }, (_, index) => index * size);
  expect(readAll(bytes, cuts)).toEqual(expected);
  const newlines = Array.from(bytes.keys()).filter((at) => bytes[at] === 0x0a);
  expect(
    readAll(
      bytes,
      newlines.map((at) => at + 1),
    ),
  ).toEqual(expected);
});

test('a damaged answer is never returned as a whole one', () => {
  const content = Buffer.from('the bytes of an answer, long enough to be damaged in many places');
  const whole = encodeAnswer(1, 0, content);
  for (let at = 0; at < whole.length; at++) {
    for (const bit of [0x01, 0x10, 0x80]) {
      const damaged = Buffer.from(whole);
      damaged.writeUInt8(damaged.readUInt8(at) ^ bit, at);
      for (const message of readAll(damaged)) {
        // The numbers of the first line have no checksum: with a wrong one, the host ignores the answer, or the request fails.
        if (message.kind === 'answer') expect(message.bytes).toEqual(content);
        else expect(message).toEqual({ kind: 'garbled', sequence: 1 });
      }
    }
  }
});

test('an answer that ends early does not hide the next one', () => {
  const whole = encodeAnswer(1, 0, Buffer.from('first'));
  const next = encodeAnswer(2, 1, Buffer.from('second'));
  expect(readAll(Buffer.concat([whole.subarray(0, whole.length - 12), next]))).toEqual([
    { kind: 'answer', sequence: 2, status: 1, bytes: Buffer.from('second') },
  ]);
});

test('the end of another answer does not end an answer', () => {
  const [head, tail] = [encodeAnswer(1, 0, Buffer.from('first')), encodeAnswer(2, 0, Buffer.from('x'))];
  const end = Buffer.from('\n\x01TP 2 end\n');
  expect(readAll(Buffer.concat([head.subarray(0, head.length - 12), end]))).toEqual([]);
  expect(readAll(Buffer.concat([end, end, tail]))).toHaveLength(1);
});

test('messages without data', () => {
  expect(readAll(Buffer.from('x\x01TP hello\nTP hello\n\x01TP again\n\x01TP no\n'))).toEqual([
    { kind: 'hello' },
    { kind: 'again' },
  ]);
});

test('endless garbage does not use memory', () => {
  const reader = new MessageReader();
  const megabyte = Buffer.alloc(1 << 20, '\x01TP 1');
  const before = process.memoryUsage().arrayBuffers;
  for (let count = 0; count < 8; count++) expect(reader.push(megabyte)).toEqual([]);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(16 << 20);
  expect(reader.push(encodeAnswer(3, 0, Buffer.from('still here')))).toHaveLength(1);
});

test('an answer that decompresses to more than the limit counts as damaged', () => {
  const bomb = gzipSync(Buffer.alloc(65 << 20));
  const bytes = Buffer.concat([Buffer.from('\x01TP 1 0\n'), bomb, Buffer.from('\n\x01TP 1 end\n')]);
  expect(readAll(bytes)).toEqual([{ kind: 'garbled', sequence: 1 }]);
});
