import { hexByte } from '../../../base/index.ts';

/**
 * Packets of the gdb remote protocol (GDB manual, appendix E, "Overview"): `$payload#cc`, with `+` and `-` as
 * acknowledgements. A payload is a string in which each character is one byte.
 */

const ESCAPE = 0x7d; // }

/** @returns `$payload#checksum`, with the four special bytes escaped */
export function encodePacket(payload: string): Buffer {
  const escaped = payload.replace(
    /[#$}*]/g,
    (special) => `}${String.fromCharCode(special.charCodeAt(0) ^ 0x20)}`,
  );
  const body = Buffer.from(escaped, 'latin1');
  return Buffer.concat([Buffer.from('$'), body, Buffer.from(`#${hexByte(checksum(body))}`)]);
}

/** Splits a byte stream into packets. Bytes between packets (acknowledgements) are ignored: the transport is reliable. */
export class PacketReader {
  #rest: Buffer = Buffer.alloc(0);

  /** @returns the payloads that `chunk` completes. @throws Error when a checksum is wrong */
  push(chunk: Buffer): readonly string[] {
    this.#rest = this.#rest.length > 0 ? Buffer.concat([this.#rest, chunk]) : chunk;
    const payloads: string[] = [];
    for (;;) {
      const start = this.#rest.indexOf('$');
      const end = start < 0 ? -1 : this.#rest.indexOf('#', start);
      if (start < 0) this.#rest = Buffer.alloc(0);
      if (end < 0 || end + 2 >= this.#rest.length) return payloads;
      const body = this.#rest.subarray(start + 1, end);
      const sum = this.#rest.toString('latin1', end + 1, end + 3);
      this.#rest = this.#rest.subarray(end + 3);
      if (sum.toLowerCase() !== hexByte(checksum(body)))
        throw new Error(`gdb packet with wrong checksum ${sum}`);
      payloads.push(decodeBody(body));
    }
  }
}

/** Decodes escapes and run lengths (`x*N`: repeats x, N - 29 times). */
function decodeBody(body: Buffer): string {
  let text = '';
  for (let at = 0; at < body.length; at++) {
    const byte = body[at] ?? 0;
    if (byte === ESCAPE) text += String.fromCharCode((body[++at] ?? 0) ^ 0x20);
    else if (byte === 0x2a) text += text.slice(-1).repeat(Math.max(0, (body[++at] ?? 29) - 29));
    else text += String.fromCharCode(byte);
  }
  return text;
}

function checksum(body: Uint8Array): number {
  let sum = 0;
  for (const byte of body) sum = (sum + byte) & 0xff;
  return sum;
}
