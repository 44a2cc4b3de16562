/**
 * Quotes a string as a shell word (Latin-1: one character is one byte). Newlines and record separators, which structure a
 * request, are replaced by variables of the agent.
 * @throws RangeError when the string contains NUL
 */
export function quote(word: string): string {
  if (word.includes('\0')) throw new RangeError('a shell word cannot contain NUL');
  return `'${word.replaceAll("'", `'\\''`).replaceAll('\n', `'"$newline"'`).replaceAll('\x1e', `'"$separator"'`)}'`;
}

/** A quoted format of printf(1) that prints these bytes. */
export function printfFormat(bytes: Uint8Array): string {
  let format = '';
  for (const byte of bytes) {
    const character = String.fromCharCode(byte);
    format += /[\w,./:=@ ]/.test(character) ? character : `\\${byte.toString(8).padStart(3, '0')}`;
  }
  return `'${format}'`;
}
