/** Values in the notation of a source, chosen by their content. */

import { hexByte, hexNumber } from '../../base/index.ts';
import { asStrings } from '../values.ts';

/** Maximum columns of a line; a tab counts as eight. */
const WIDTH = 80;

/** Properties that are numbers even if their bytes are letters. */
const NUMBERS: ReadonlySet<string> = new Set([
  'phandle',
  'linux,phandle',
  'ibm,phandle',
  'ibm,my-drc-index',
  'interrupt-parent',
  'interrupts',
  'l2-cache',
  'ranges',
  'reg',
]);

interface Notation {
  readonly open: string;
  readonly parts: readonly string[];
  readonly separator: string;
  readonly close: string;
}

/** A property in a source, with semicolon, indented by `tabs`. */
export function printProperty(name: string, value: Uint8Array, tabs: number): string {
  const indent = '\t'.repeat(tabs);
  if (value.length === 0) return `${indent}${name};`;
  return `${indent}${wrap(`${name} = `, notationOf(name, value), tabs)};`;
}

function notationOf(name: string, value: Uint8Array): Notation {
  const numeric = name.startsWith('#') || NUMBERS.has(name);
  return (numeric ? undefined : (strings(value) ?? countedStrings(value))) ?? cells(value) ?? bytes(value);
}

function strings(value: Uint8Array): Notation | undefined {
  const texts = asStrings(value);
  if (texts === undefined || !texts.every((text) => /^[\x20-\x7e\t\n]+$/.test(text))) return undefined;
  return { open: '', parts: texts.map(quote), separator: ', ', close: '' };
}

/** `ibm,drc-names` and similar properties: a cell with the number of strings, then the strings (LoPAR, dynamic reconfiguration). */
function countedStrings(value: Uint8Array): Notation | undefined {
  const list = value.length > 4 ? strings(value.subarray(4)) : undefined;
  const count = new DataView(value.buffer, value.byteOffset, Math.min(4, value.length));
  if (list === undefined || count.getUint32(0) !== list.parts.length) return undefined;
  return { ...list, parts: [`<${hexNumber(list.parts.length)}>`, ...list.parts] };
}

function cells(value: Uint8Array): Notation | undefined {
  if (value.length % 4 !== 0) return undefined;
  const view = new DataView(value.buffer, value.byteOffset, value.length);
  const parts: string[] = [];
  for (let at = 0; at < value.length; at += 4) parts.push(hexNumber(view.getUint32(at)));
  return { open: '<', parts, separator: ' ', close: '>' };
}

function bytes(value: Uint8Array): Notation {
  const parts = Array.from(value, hexByte);
  return { open: '[', parts, separator: ' ', close: ']' };
}

function quote(text: string): string {
  const escaped = text.replace(/["\\]/g, '\\$&').replaceAll('\t', '\\t').replaceAll('\n', '\\n');
  return `"${escaped}"`;
}

/** Breaks a long list of parts into lines; lines after the first are indented by one more tab. */
function wrap(head: string, { open, parts, separator, close }: Notation, tabs: number): string {
  const pieces = [head, open];
  let column = tabs * 8 + head.length + open.length;
  for (const [index, part] of parts.entries()) {
    const last = index === parts.length - 1;
    // What must fit after the part: the comma of the separator, or the end.
    const width = part.length + (last ? close.length + 1 : separator.trimEnd().length);
    if (index > 0) {
      if (column + separator.length + width > WIDTH) {
        pieces.push(separator.trimEnd(), '\n', '\t'.repeat(tabs + 1));
        column = (tabs + 1) * 8;
      } else {
        pieces.push(separator);
        column += separator.length;
      }
    }
    pieces.push(part);
    column += part.length;
  }
  pieces.push(close);
  return pieces.join('');
}
