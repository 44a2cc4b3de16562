/** Classes of characters in a source: bits that may be combined. */

export const SPACE = 1;
/** Characters of names of nodes and properties. */
export const NAME = 2;
export const LABEL = 4;
export const DIGIT = 8;
export const HEX = 16;

const classes = new Uint8Array(256);

function mark(characters: string, bits: number): void {
  for (let index = 0; index < characters.length; index += 1) {
    const code = characters.charCodeAt(index);
    classes[code] = (classes[code] ?? 0) | bits;
  }
}

mark(' \t\n\v\f\r', SPACE);
mark('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ', NAME | LABEL);
mark('0123456789', NAME | LABEL | DIGIT | HEX);
mark('abcdefABCDEF', HEX);
mark('_', NAME | LABEL);
mark(',.+*#?@-', NAME);

/** Whether the character at an offset is in one of the classes; false at the end of the text. */
export function isAt(text: string, offset: number, bits: number): boolean {
  return ((classes[text.charCodeAt(offset)] ?? 0) & bits) !== 0;
}

/** The offset after all characters of the classes. */
export function skip(text: string, offset: number, bits: number): number {
  let end = offset;
  while (isAt(text, end, bits)) end += 1;
  return end;
}
