/**
 * Values of properties by the conventions of device trees. Builders make a property from values. Readers interpret a
 * property's value (or its absence); they return `undefined` if the bytes are not of that kind. Numbers are big-endian.
 *
 * Source: Devicetree Specification v0.4, §2.2.4.
 */

import { decodeLatin1, InputError } from '../base/index.ts';
import type { Property } from './tree.ts';

/** A property with an empty value. */
export function flag(name: string): Property {
  return { name, value: new Uint8Array(0) };
}

/** A property of bytes. */
export function bytes(name: string, value: Iterable<number>): Property {
  return { name, value: Uint8Array.from(value) };
}

/**
 * A property of 32-bit cells.
 * @param values each from -0x80000000 to 0xffffffff
 * @throws InputError for other numbers
 */
export function cells(name: string, ...values: readonly number[]): Property {
  const value = new Uint8Array(values.length * 4);
  const view = new DataView(value.buffer);
  for (const [index, cell] of values.entries()) {
    if (!Number.isInteger(cell) || cell < -0x80000000 || cell > 0xffffffff) {
      throw new InputError(`${cell} is not a 32-bit cell`, { path: `:${name}` });
    }
    view.setUint32(index * 4, cell);
  }
  return { name, value };
}

/**
 * A property of one unsigned 64-bit number.
 * @throws InputError for a number out of range
 */
export function u64(name: string, number: bigint): Property {
  if (number !== BigInt.asUintN(64, number)) {
    throw new InputError(`${number} is not an unsigned 64-bit number`, { path: `:${name}` });
  }
  const value = new Uint8Array(8);
  new DataView(value.buffer).setBigUint64(0, number);
  return { name, value };
}

/**
 * A property of one NUL-terminated string.
 * @throws InputError for a character beyond U+00FF
 */
export function string(name: string, text: string): Property {
  return strings(name, text);
}

/**
 * A property of NUL-terminated strings, such as `compatible`; one byte for each character (Latin-1).
 * @throws InputError for a character beyond U+00FF
 */
export function strings(name: string, ...texts: readonly string[]): Property {
  const joined = texts.map((text) => `${text}\0`).join('');
  const value = new Uint8Array(joined.length);
  for (let index = 0; index < joined.length; index += 1) {
    const code = joined.charCodeAt(index);
    if (code > 0xff) {
      throw new InputError(`no single byte for ${JSON.stringify(joined[index])}`, { path: `:${name}` });
    }
    value[index] = code;
  }
  return { name, value };
}

/** The cells of a value; undefined if it is absent or its length is not a multiple of four. */
export function asCells(value: Uint8Array | undefined): number[] | undefined {
  if (value === undefined || value.length % 4 !== 0) return undefined;
  const view = new DataView(value.buffer, value.byteOffset, value.byteLength);
  const found: number[] = [];
  for (let offset = 0; offset < value.length; offset += 4) found.push(view.getUint32(offset));
  return found;
}

/** The one cell of a value of exactly four bytes. */
export function asCell(value: Uint8Array | undefined): number | undefined {
  return value?.length === 4 ? asCells(value)?.[0] : undefined;
}

/** The number of a value of exactly eight bytes. */
export function asU64(value: Uint8Array | undefined): bigint | undefined {
  if (value?.length !== 8) return undefined;
  return new DataView(value.buffer, value.byteOffset, 8).getBigUint64(0);
}

/** The strings of a value; undefined if it is absent, empty, or does not end with NUL. */
export function asStrings(value: Uint8Array | undefined): string[] | undefined {
  if (value === undefined || value.at(-1) !== 0) return undefined;
  return decodeLatin1(value, 0, value.length - 1).split('\0');
}

/** The string of a value that holds exactly one. */
export function asString(value: Uint8Array | undefined): string | undefined {
  const found = asStrings(value);
  return found?.length === 1 ? found[0] : undefined;
}

/** Whether two values are the same bytes. */
export function sameBytes(one: Uint8Array, other: Uint8Array): boolean {
  if (one === other) return true;
  if (one.length !== other.length) return false;
  for (let index = 0; index < one.length; index += 1) if (one[index] !== other[index]) return false;
  return true;
}
