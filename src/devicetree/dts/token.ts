/** Tokens of a source. */

export type TokenKind =
  /** The end of the source. */
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
  /** `/bits/` and similar, with both slashes. */
  | 'directive'
  /** Operators, punctuation, and characters without a meaning. */
  | 'symbol';

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  /** Position (see sources.ts) of its first character. */
  readonly at: number;
}

/** A token as text for messages. */
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
      return text >= '!' && text <= '\xff' ? `"${short}"` : 'an invalid character';
  }
}
