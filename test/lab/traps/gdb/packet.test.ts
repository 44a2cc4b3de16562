import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodePacket, PacketReader } from '../../../../src/lab/traps/gdb/packet.ts';

/** Any bytes, one character each. */
const payload = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes).toString('latin1'));

test('an example of the manual', () => {
  expect(encodePacket('OK').toString()).toBe('$OK#9a');
});

test('packets are decoded as they were encoded, however the stream is split', () => {
  fc.assert(
    fc.property(fc.array(payload, { maxLength: 5 }), fc.integer({ min: 1, max: 50 }), (payloads, size) => {
      const stream = Buffer.concat(payloads.flatMap((each) => [Buffer.from('+'), encodePacket(each)]));
      const reader = new PacketReader();
      const found: string[] = [];
      for (let at = 0; at < stream.length; at += size)
        found.push(...reader.push(stream.subarray(at, at + size)));
      expect(found).toEqual(payloads);
    }),
    { seed: 1 },
  );
});

test('run lengths are expanded', () => {
  const body = '0* 1'; // a blank is 32: the 0 is repeated three times
  const sum = [...Buffer.from(body)].reduce((all, byte) => all + byte, 0) & 0xff;
  expect(new PacketReader().push(Buffer.from(`$${body}#${sum.toString(16)}`))).toEqual(['00001']);
});

test('a packet with a wrong checksum is an error', () => {
  expect(() => new PacketReader().push(Buffer.from('$OK#9b'))).toThrow('checksum 9b');
});
