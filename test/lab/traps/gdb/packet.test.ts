import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodePacket, PacketReader } from '../../../../src/lab/traps/gdb/packet.ts';

/** Any bytes, a character each. */
const payload = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes).toString('latin1'));

test('a packet of the manual', () => {
  expect(encodePacket('OK').toString()).toBe('$OK#9a');
});

test('packets come out as they went in, however the stream is cut', () => {
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

test('run lengths are undone', () => {
  const body = '0* 1'; // a blank is 32: 0 and three more of it
  const sum = [...Buffer.from(body)].reduce((all, byte) => all + byte, 0) & 0xff;
  expect(new PacketReader().push(Buffer.from(`$${body}#${sum.toString(16)}`))).toEqual(['00001']);
});

test('a packet with another checksum is an error', () => {
  expect(() => new PacketReader().push(Buffer.from('$OK#9b'))).toThrow('checksum 9b');
});
