/** A count with its noun: `1 dangling link`, `3 dangling links`, `2 entries`. */
export function plural(count: number, noun: string): string {
  if (count === 1) return `1 ${noun}`;
  if (/[^aeiou]y$/.test(noun)) return `${count} ${noun.slice(0, -1)}ies`;
  return `${count} ${noun}${/(?:s|x|ch|sh)$/.test(noun) ? 'es' : 's'}`;
}

/**
 * Makes untrusted text safe for a terminal. Control characters, tabs and line ends, and characters that change the writing
 * direction become \xNN or \u{NNNN}; a node's name could hold an escape sequence.
 */
export function printable(text: string): string {
  return text.replace(UNSAFE_OR_SPACING, escapeCharacter);
}

/** Like `printable`, but keeps tabs and line ends, for messages of several lines. */
export function printableLines(text: string): string {
  return text.replace(UNSAFE, escapeCharacter);
}

/** C0 without tab and line feed, C1, and the bidirectional controls and line separators of Unicode. */
const UNSAFE = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;
const UNSAFE_OR_SPACING = new RegExp(`[\\t\\n]|${UNSAFE.source}`, 'g');

function escapeCharacter(character: string): string {
  const code = character.charCodeAt(0).toString(16);
  return code.length > 2 ? `\\u{${code}}` : `\\x${code.padStart(2, '0')}`;
}
