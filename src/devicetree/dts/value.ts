/** Parses values of properties: lists of strings, cells, bytes, references and files. */

import { writeLatin1 } from '../../base/index.ts';
import type { Content, Reference } from './draft.ts';
import { isInteger, parseInteger } from './expression.ts';
import type { Includer } from './include.ts';
import type { Tokens } from './tokens.ts';

/** Placeholder of a phandle, as in dtc; the boot CPU is derived from the tree while phandles are not known. */
const UNKNOWN_PHANDLE = 0xffffffffn;

const WHOLE_FILE = 0xffffffffffffffffn;

/** Parses values; its buffer is reused for all of them. */
export class ValueParser {
  readonly #tokens: Tokens;
  readonly #includer: Includer;
  #room = new Uint8Array(1024);
  #length = 0;
  #references: Reference[] = [];
  #labels: string[] = [];

  constructor(tokens: Tokens, includer: Includer) {
    this.#tokens = tokens;
    this.#includer = includer;
  }

  /** Parses the value between `=` and `;`. */
  parse(): Content {
    this.#length = 0;
    this.#references = [];
    this.#labels = [];
    do {
      this.#innerLabels();
      this.#part();
      this.#innerLabels();
    } while (this.#tokens.skip('symbol', ','));
    const bytes = this.#room.slice(0, this.#length);
    return { bytes, references: this.#references, labels: this.#labels };
  }

  #innerLabels(): void {
    while (this.#tokens.is('label')) this.#labels.push(this.#tokens.take().text);
  }

  #part(): void {
    const tokens = this.#tokens;
    const { kind, text } = tokens.current;
    if (kind === 'string') this.#text(`${tokens.text(tokens.take())}\0`);
    else if (kind === 'reference') this.#reference('path');
    else if (kind === 'symbol' && text === '<') this.#cells(32);
    else if (kind === 'symbol' && text === '[') this.#bytes();
    else if (kind === 'directive' && text === '/bits/') this.#sizedCells();
    else if (kind === 'directive' && text === '/incbin/') this.#file();
    else throw tokens.unexpected('a value');
  }

  #sizedCells(): void {
    const tokens = this.#tokens;
    tokens.take();
    const { at } = tokens.current;
    if (!tokens.is('number')) throw tokens.unexpected('the number of bits');
    const bits = parseInteger(tokens);
    if (bits !== 8n && bits !== 16n && bits !== 32n && bits !== 64n) {
      throw tokens.error('the elements of an array have 8, 16, 32 or 64 bits', at);
    }
    this.#cells(Number(bits));
  }

  #cells(bits: number): void {
    const tokens = this.#tokens;
    tokens.symbol('<');
    while (!tokens.skip('symbol', '>')) {
      const { at } = tokens.current;
      if (tokens.is('label')) this.#labels.push(tokens.take().text);
      else if (tokens.is('reference')) {
        if (bits !== 32) throw tokens.error('a phandle only fits an element of 32 bits', at);
        this.#reference('phandle');
        this.#cell(UNKNOWN_PHANDLE, bits);
      } else if (isInteger(tokens)) {
        const number = parseInteger(tokens);
        const fits = number >> BigInt(bits) === 0n || BigInt.asIntN(64, number) >> BigInt(bits) === -1n;
        if (!fits) throw tokens.error(`this number does not fit an element of ${bits} bits`, at);
        this.#cell(number, bits);
      } else throw tokens.unexpected('an integer, a reference or ">"');
    }
  }

  #bytes(): void {
    const tokens = this.#tokens;
    tokens.take();
    while (!tokens.skip('symbol', ']')) {
      if (tokens.is('label')) this.#labels.push(tokens.take().text);
      else {
        this.#grow(1);
        this.#room[this.#length] = Number.parseInt(
          tokens.expect('byte', 'two hexadecimal digits or "]"').text,
          16,
        );
        this.#length += 1;
      }
    }
  }

  #file(): void {
    const tokens = this.#tokens;
    const { at } = tokens.take();
    tokens.symbol('(');
    const { path: from } = tokens;
    // For dtc a name is a C string and ends at a NUL.
    const path = tokens.text(tokens.expect('string', 'the name of a file')).replace(/\0.*$/s, '');
    let offset = 0n;
    let length = WHOLE_FILE;
    if (tokens.skip('symbol', ',')) {
      offset = parseInteger(tokens);
      tokens.symbol(',');
      length = parseInteger(tokens);
    }
    tokens.symbol(')');
    const part = this.#includer.bytes(path, from, at, offset, length);
    this.#grow(part.length);
    this.#room.set(part, this.#length);
    this.#length += part.length;
  }

  #reference(kind: Reference['kind']): void {
    const { text: target, at } = this.#tokens.take();
    this.#references.push({ kind, target, offset: this.#length, at });
  }

  #text(text: string): void {
    this.#grow(text.length);
    writeLatin1(this.#room, this.#length, text);
    this.#length += text.length;
  }

  #cell(number: bigint, bits: number): void {
    const length = bits / 8;
    this.#grow(length);
    const view = new DataView(this.#room.buffer, this.#length, length);
    if (bits === 64) view.setBigUint64(0, number);
    else if (bits === 32) view.setUint32(0, Number(BigInt.asUintN(32, number)));
    else if (bits === 16) view.setUint16(0, Number(BigInt.asUintN(16, number)));
    else view.setUint8(0, Number(BigInt.asUintN(8, number)));
    this.#length += length;
  }

  #grow(by: number): void {
    if (this.#length + by <= this.#room.length) return;
    const room = new Uint8Array(2 * (this.#length + by));
    room.set(this.#room.subarray(0, this.#length));
    this.#room = room;
  }
}
