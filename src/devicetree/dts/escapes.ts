/** The escapes of C, in strings and character literals. */

const LETTERS: ReadonlyMap<string, string> = new Map([
  ['a', '\x07'],
  ['b', '\b'],
  ['t', '\t'],
  ['n', '\n'],
  ['v', '\v'],
  ['f', '\f'],
  ['r', '\r'],
]);

const ESCAPE = /\\(?:([0-7]{1,3})|x([0-9a-fA-F]{0,2})|([\s\S]))/g;

/**
 * Resolves the escapes in the text between two quotes, one character for each byte. A backslash before another character
 * means that character; octal escapes above `\377` lose the bits above eight, as in dtc.
 * @returns undefined if a `\x` has no digit
 */
export function resolveEscapes(raw: string): string | undefined {
  if (!raw.includes('\\')) return raw;
  let lone = false;
  const text = raw.replace(ESCAPE, (_, octal?: string, hex?: string, other?: string) => {
    if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8) & 0xff);
    if (hex === '') lone = true;
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
    return LETTERS.get(other ?? '') ?? other ?? '';
  });
  return lone ? undefined : text;
}
