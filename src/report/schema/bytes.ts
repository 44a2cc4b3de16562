import { z } from 'zod';
import { fromHex, hexNumber, isHex, toHex } from '../../base/index.ts';

/** Has a name so that declarations do not spell out `Uint8Array<ArrayBufferLike>`, which TypeScript before 5.7 rejects. */
export interface HexCodec extends z.ZodType<Uint8Array, string> {}

/** Bytes as lower-case hexadecimal digits, two for each. */
export const hex: HexCodec = z.codec(
  z.string().refine(isHex, { error: 'not pairs of lower-case hexadecimal digits' }),
  z.custom<Uint8Array>((value) => value instanceof Uint8Array),
  { decode: fromHex, encode: toHex },
);

/** A 64-bit number, which JSON's numbers cannot hold, as `0x1234`. */
export const word = z.codec(z.string().regex(/^0x[0-9a-f]{1,16}$/), z.bigint(), {
  decode: (text) => BigInt(text),
  encode: hexNumber,
});
