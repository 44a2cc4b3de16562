/**
 * Text in which every character is one byte (Latin-1). Names in device trees, RTAS work areas and archives are bytes;
 * so a name that is not ASCII survives a round trip.
 *
 * `TextDecoder` is no alternative: what it calls latin1 is windows-1252, and for short names the call takes longer than
 * the work.
 */

const CHUNK = 64;

/** One list for each length, reused: names are short and very many. */
const codes: readonly number[][] = Array.from({ length: CHUNK + 1 }, (_, length) =>
  new Array(length).fill(0),
);

/** The bytes from one offset up to another as text, one character for each byte. */
export function decodeLatin1(bytes: Uint8Array, start = 0, end = bytes.length): string {
  let text = '';
  for (let from = start; from < end; from += CHUNK) {
    const list = codes[Math.min(CHUNK, end - from)] ?? [];
    for (let index = 0; index < list.length; index += 1) list[index] = bytes[from + index] ?? 0;
    text += String.fromCharCode.apply(undefined, list);
  }
  return text;
}

/** The bytes of a text; of a character beyond U+00FF the low eight bits. */
export function encodeLatin1(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  writeLatin1(bytes, 0, text);
  return bytes;
}

/** Writes the bytes of a text from an offset on. */
export function writeLatin1(into: Uint8Array, offset: number, text: string): void {
  for (let index = 0; index < text.length; index += 1) into[offset + index] = text.charCodeAt(index);
}
