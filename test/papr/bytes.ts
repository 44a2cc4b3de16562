/** The bytes of a test vector: hex digits with blanks, and text in double quotes with \0 for NUL. */
export function bytesOf(vector: string): Uint8Array {
  const parts = vector.match(/"[^"]*"|[0-9a-f]{2}/g) ?? [];
  return Uint8Array.from(
    parts.flatMap((part) =>
      part.startsWith('"')
        ? Array.from(part.slice(1, -1).replaceAll('\\0', '\0'), (letter) => letter.charCodeAt(0))
        : [Number.parseInt(part, 16)],
    ),
  );
}

export function text(value: string): Uint8Array {
  return Uint8Array.from(value, (letter) => letter.charCodeAt(0));
}

/** A page that starts with these bytes and is filled with zeros or another byte. */
export function page(front: Uint8Array, fill = 0): Uint8Array {
  const whole = new Uint8Array(4096).fill(fill);
  whole.set(front);
  return whole;
}
