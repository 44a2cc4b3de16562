import { z } from 'zod';

/** Bytes as lower-case hexadecimal digits, two for each. */
export const hex = z.codec(
  z.string().refine(isHex, { error: 'not pairs of lower-case hexadecimal digits' }),
  z.custom<Uint8Array>((value) => value instanceof Uint8Array),
  { decode: fromHex, encode: toHex },
);

/** A 64-bit number, which JSON's numbers cannot hold, as `0x1234`. */
export const word = z.codec(z.string().regex(/^0x[0-9a-f]{1,16}$/), z.bigint(), {
  decode: (text) => BigInt(text),
  encode: toWord,
});

export function isHex(text: string): boolean {
  return text.length % 2 === 0 && !/[^0-9a-f]/.test(text);
}

export function fromHex(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'hex'));
}

export function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}

export function toWord(value: bigint): string {
  return `0x${value.toString(16)}`;
}
