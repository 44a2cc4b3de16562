/** Colours for a terminal, or none; picocolors' `createColors` fits. */
export interface Paint {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
  readonly yellow: (text: string) => string;
  readonly green: (text: string) => string;
  readonly cyan: (text: string) => string;
}

/** Text stays as it is: for files, pipes and tests. */
export const plain: Paint = {
  bold: (text) => text,
  dim: (text) => text,
  red: (text) => text,
  yellow: (text) => text,
  green: (text) => text,
  cyan: (text) => text,
};

/**
 * Makes text from outside safe for a terminal: control characters (an escape sequence in a node's name, say) and those
 * that turn the direction of writing are shown as \xNN or \u{NNNN}.
 */
export function printable(text: string): string {
  return text.replace(/[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g, (character) => {
    const code = character.charCodeAt(0).toString(16);
    return code.length > 2 ? `\\u{${code}}` : `\\x${code.padStart(2, '0')}`;
  });
}

/** `1 dangling link`, `3 dangling links`. */
export function plural(count: number, noun: string): string {
  if (count === 1) return `1 ${noun}`;
  if (/y$/.test(noun)) return `${count} ${noun.slice(0, -1)}ies`;
  return `${count} ${noun}s`;
}
