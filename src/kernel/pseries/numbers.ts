import { EINVAL, ERANGE } from '../core/errno.ts';

/**
 * kstrtou64() and kstrtou32() with base 0: an optional plus, `0x` for hexadecimal, `0` for octal, digits to the end, and
 * one newline.
 * @returns the number, or a negative errno
 */
export function parseUnsigned(text: string, bits: 32 | 64): bigint | number {
  const match = /^\+?(?:(0[xX])([0-9a-fA-F]+)|(0[0-7]*)|([1-9][0-9]*))\n?$/.exec(text);
  if (!match) return -EINVAL;
  const [, , hexadecimal, octal, decimal] = match;
  const digits = hexadecimal ? `0x${hexadecimal}` : octal ? `0o${octal}` : (decimal ?? '');
  if (digits.length > 64) return -ERANGE;
  const value = BigInt(digits);
  return value >> BigInt(bits) === 0n ? value : -ERANGE;
}
