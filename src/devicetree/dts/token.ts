/** What a source consists of, between white space and comments. */

export type TokenKind =
  /** The end of everything. */
  | 'end'
  /** An integer as it is written, suffix included. */
  | 'number'
  /** What is between two quotation marks, escapes unresolved. */
  | 'string'
  /** What is between two apostrophes, escapes unresolved. */
  | 'character'
  /** A label without its colon. */
  | 'label'
  /** `label`, `/path` or `label/path`, without `&` and braces. */
  | 'reference'
  /** The name of a node or property. */
  | 'name'
  /** Two hexadecimal digits. */
  | 'byte'
  /** `/bits/` and its like, with both slashes. */
  | 'directive'
  /** Operators and punctuation, and any character that means nothing. */
  | 'symbol';

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  /** Position (see sources.ts) of its first character. */
  readonly at: number;
}

/** A token as messages call it. */
export function describeToken({ kind, text }: Token): string {
  const short = text.length > 40 ? `${text.slice(0, 40)}…` : text;
  switch (kind) {
    case 'end':
      return 'the end of the source';
    case 'string':
      return `the string "${short}"`;
    case 'character':
      return `the character '${short}'`;
    case 'label':
      return `the label ${short}:`;
    case 'reference':
      return /^\w+$/.test(short) ? `the reference &${short}` : `the reference &{${short}}`;
    case 'name':
      return `the name ${short}`;
    case 'number':
      return `the number ${short}`;
    default:
      return text >= '!' && text <= '\xff' ? `"${short}"` : 'a character that means nothing here';
  }
}
