/**
 * A word of shell that means exactly these bytes (Latin-1: one character is one byte). What would end the
 * request or its first copy is taken from the agent's variables.
 * @throws RangeError on NUL, which no word can have
 */
export function quote(word: string): string {
  if (word.includes('\0')) throw new RangeError('a word of shell cannot contain NUL');
  return `'${word.replaceAll("'", `'\\''`).replaceAll('\n', `'"$newline"'`).replaceAll('\x1e', `'"$twice"'`)}'`;
}

/** A quoted format of printf(1) that prints exactly these bytes, NUL included. */
export function printfFormat(bytes: Uint8Array): string {
  let format = '';
  for (const byte of bytes) {
    const character = String.fromCharCode(byte);
    format += /[\w,./:=@ ]/.test(character) ? character : `\\${byte.toString(8).padStart(3, '0')}`;
  }
  return `'${format}'`;
}
