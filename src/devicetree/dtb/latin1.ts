// Names are strings of bytes (see tree.ts). TextDecoder is no help: what it calls latin1 is windows-1252, and for the
// few bytes of a name the call costs more than the work.

const CHUNK = 64;

/** One list per length, used again and again: names are short and very many. */
const codes: readonly number[][] = Array.from({ length: CHUNK + 1 }, (_, length) =>
  new Array(length).fill(0),
);

/** The bytes from `at` to `end` as a string, one character for each. */
export function decodeLatin1(bytes: Uint8Array, at: number, end: number): string {
  let text = '';
  for (let from = at; from < end; from += CHUNK) {
    const list = codes[Math.min(CHUNK, end - from)] ?? [];
    for (let index = 0; index < list.length; index += 1) list[index] = bytes[from + index] ?? 0;
    text += String.fromCharCode.apply(undefined, list);
  }
  return text;
}
