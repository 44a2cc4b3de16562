import { EINVAL, ENOMEM } from '../core/errno.ts';
import { KERN_ERR } from '../core/log.ts';
import { LiveProperty } from '../of/device-node.ts';
import type { PseriesKernel } from './pseries-kernel.ts';

/** Lines of reconfig.c that parse_next_property() logs (v6.1, v6.12), by cause. */
const lines = {
  noLength: 124,
  lengthCutShort: 131,
  badLength: 140,
  noValue: 145,
  valueCutShort: 154,
  noSeparator: 159,
};

const INT_MAX = 0x7fff_ffff;

/** Reads `NAME LENGTH VALUE` items, as parse_next_property() does: the value is LENGTH raw bytes, then a space or the end. */
export class ItemReader {
  readonly #k: PseriesKernel;
  readonly #text: string;
  /** The end of the buffer as the kernel computes it. */
  readonly #end: number;
  #at: number;

  constructor(k: PseriesKernel, text: string, at: number, end = text.length) {
    this.#k = k;
    this.#text = text;
    this.#at = at;
    this.#end = end;
  }

  get atEnd(): boolean {
    return this.#at >= this.#end;
  }

  /** @returns the next property, or a negative errno */
  next(): LiveProperty | number {
    const space = this.#space(this.#at);
    if (space < 0) return this.#fail('noLength');
    const name = this.#text.slice(this.#at, space);
    if (space + 1 >= this.#end) return this.#fail('lengthCutShort');
    const digits = digitsAt(this.#text, space + 1);
    const length = toInt(simpleStrtoul(digits, 10));
    if (length === -1) return this.#fail('badLength');
    const separator = space + 1 + digits.length;
    if (this.#text[separator] !== ' ' || separator + 1 >= this.#end) return this.#fail('noValue');
    const value = separator + 1;
    const after = value + length;
    if (after > this.#end) return this.#fail('valueCutShort');
    if (after < this.#end && !isSeparator(this.#text.charCodeAt(after))) return this.#fail('noSeparator');
    this.#at = after + 1;
    if (length < 0) return -ENOMEM;
    return new LiveProperty(name, this.#bytes(value, length));
  }

  #bytes(from: number, length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    for (let i = 0; i < length; i++) bytes[i] = this.#text.charCodeAt(from + i) || 0;
    return bytes;
  }

  #space(from: number): number {
    const space = this.#text.indexOf(' ', from);
    const nul = this.#text.indexOf('\0', from);
    return nul >= 0 && nul < space ? -1 : space;
  }

  #fail(what: keyof typeof lines): number {
    this.#k.log.print(KERN_ERR, `property parse failed in parse_next_property at line ${lines[what]}`);
    return -EINVAL;
  }
}

function digitsAt(text: string, from: number): string {
  const digits = /[0-9]*/y;
  digits.lastIndex = from;
  return digits.exec(text)?.[0] ?? '';
}

/** A space or a NUL. The written text is followed by a NUL, and then by memory that the model takes for zero. */
function isSeparator(code: number): boolean {
  return code === 0x20 || code === 0 || Number.isNaN(code);
}

function toInt(value: number): number {
  const low = Number(BigInt.asUintN(32, BigInt(value)));
  return low > INT_MAX ? low - 0x1_0000_0000 : low;
}

/** simple_strtoul(): reads all digits and returns 0 if there are none. Only the low 32 bits are kept, as for a phandle. */
export function simpleStrtoul(text: string, base: 0 | 10): number {
  const match = base === 10 ? /^([0-9]+)/.exec(text) : /^(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9][0-9]*)/.exec(text);
  const digits = match?.[1];
  if (!digits || digits.length > 64) return 0;
  const octal = base === 0 && /^0[0-7]+$/.test(digits);
  const decimal = base === 10 ? digits.replace(/^0+(?=.)/, '') : digits;
  return Number(BigInt.asUintN(32, BigInt(octal ? `0o${digits}` : decimal)));
}
