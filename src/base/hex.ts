/** Whether a text is an even number of lower-case hexadecimal digits. */
export function isHex(text: string): boolean {
  return text.length % 2 === 0 && !/[^0-9a-f]/.test(text);
}

/** The bytes that `toHex` wrote; the text must satisfy `isHex`. */
export function fromHex(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length / 2);
  for (let at = 0; at < bytes.length; at++) bytes[at] = Number.parseInt(text.slice(2 * at, 2 * at + 2), 16);
  return bytes;
}

/** Two lower-case digits. */
export function hexByte(byte: number): string {
  return pairs[byte & 0xff] as string;
}

const pairs = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** Two lower-case digits for each byte, without separators. */
export function toHex(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += pairs[byte];
  return text;
}

/** Eight digits without prefix, as kernel logs and this project show phandles and DRC indexes. */
export function hex32(word: number): string {
  return (word >>> 0).toString(16).padStart(8, '0');
}

/** `0x` and as many digits as the number needs. */
export function hexNumber(value: number | bigint): string {
  return `0x${value.toString(16)}`;
}
