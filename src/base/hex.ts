/** Whether a text is an even number of lower-case hexadecimal digits; the empty text is. */
export function isHex(text: string): boolean {
  return text.length % 2 === 0 && !/[^0-9a-f]/.test(text);
}

/** The bytes of a text that satisfies `isHex`; the inverse of `toHex`. */
export function fromHex(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length / 2);
  for (let at = 0; at < bytes.length; at++) bytes[at] = Number.parseInt(text.slice(2 * at, 2 * at + 2), 16);
  return bytes;
}

/** Two lower-case digits of the low eight bits: `0f`. */
export function hexByte(byte: number): string {
  return PAIRS[byte & 0xff] as string;
}

const PAIRS = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** Two lower-case digits for each byte, without separators: `000f80ff`. */
export function toHex(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += PAIRS[byte];
  return text;
}

/** Eight digits of a 32-bit word without prefix, signed or not: `fffffff5`. Phandles and DRC indexes are shown this way. */
export function hex32(word: number): string {
  return (word >>> 0).toString(16).padStart(8, '0');
}

/** `0x` and as many digits as the number needs: `0x2a`. */
export function hexNumber(value: number | bigint): string {
  return `0x${value.toString(16)}`;
}
