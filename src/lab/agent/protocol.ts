import { gunzipSync } from 'node:zlib';

/**
 * What goes over the agent's console, a line of 8-bit clean bytes in both directions that loses nothing, but may have
 * anything on it from before: an echo, half a request of a process that was killed, an answer nobody waited for.
 *
 * A request is a line, and its text, with all that may have gone wrong said twice, as a shell has no checksum that does
 * not cost two processes; between the two texts is a record separator (0x1e). A shell reads lines by the character, which is
 * dear, so the text is no part of the line:
 * ```
 * TP SEQUENCE LENGTH SEQUENCE LENGTH \n   TEXT \x1e TEXT   \n
 * ```
 * The text is an operation of the agent with its arguments as words of shell. An answer is packed by gzip, whose CRC-32
 * and length guard it; one of no bytes is not, as most are and it takes a program:
 * ```
 * \x01 TP SEQUENCE STATUS \n   gzip'd bytes   \n \x01 TP SEQUENCE end \n
 * ```
 * A request whose copies or length do not fit is answered by `\x01TP again\n` and not carried out; one with the sequence
 * number of the request before is not carried out again, only answered again. So the host may repeat a request at any time.
 * `\x01TP hello\n` is said once, when the agent starts.
 */
export function encodeRequest(sequence: number, text: Buffer): Buffer {
  const numbers = `${sequence} ${text.length}`;
  const head = Buffer.from(`\nTP ${numbers} ${numbers}\n`, 'latin1');
  return Buffer.concat([head, text, Buffer.from([0x1e]), text, Buffer.from('\n')]);
}

/** Something whole that came from the agent. */
export type Message =
  | { readonly kind: 'hello' | 'again' }
  | { readonly kind: 'answer'; readonly sequence: number; readonly status: number; readonly bytes: Buffer }
  /** An answer with wrong bytes in it. */
  | { readonly kind: 'garbled'; readonly sequence: number };

const MARK = Buffer.from('\x01TP ');
/** Longest line that starts with the mark, in bytes: two numbers and a blank between. */
const MAX_LINE_LENGTH = 64;
/** Most that an answer may have, packed and unpacked, bytes; a whole kernel log and a tree of 100 000 properties have less. */
const MAX_ANSWER_LENGTH = 64 << 20;

/** Finds the agent's messages in the bytes of its console; whatever else is there is passed over. */
export class MessageReader {
  #bytes = Buffer.alloc(1 << 16);
  #length = 0;
  /** Where the search for the next mark goes on. */
  #scan = 0;
  /** The answer whose bytes come in, and where they start. */
  #open: { readonly sequence: number; readonly status: number; readonly start: number } | undefined;

  /** @returns the messages that `chunk` completes, in order */
  push(chunk: Buffer): Message[] {
    this.#append(chunk);
    const messages: Message[] = [];
    for (;;) {
      const seen = this.#bytes.subarray(0, this.#length);
      const start = seen.indexOf(MARK, this.#scan);
      if (start < 0) {
        this.#scan = Math.max(this.#scan, this.#length - MARK.length + 1);
        break;
      }
      const end = start + seen.subarray(start, start + MAX_LINE_LENGTH).indexOf(0x0a);
      if (end < start && this.#length - start < MAX_LINE_LENGTH) {
        this.#scan = start;
        break;
      }
      const line = end < start ? '' : seen.toString('latin1', start + MARK.length, end);
      const message = this.#take(line, start, end + 1);
      if (message) messages.push(message);
      this.#scan = start + MARK.length;
    }
    this.#forget();
    return messages;
  }

  #take(line: string, start: number, next: number): Message | undefined {
    if (line === 'hello' || line === 'again') return { kind: line };
    const [, number = '', word = ''] = /^(\d{1,10}) (\d{1,3}|end)$/.exec(line) ?? [];
    if (number === '') return undefined;
    const sequence = Number(number);
    if (word !== 'end') {
      this.#open = { sequence, status: Number(word), start: next };
      return undefined;
    }
    const open = this.#open;
    if (open?.sequence !== sequence) return undefined;
    this.#open = undefined;
    try {
      const packed = this.#bytes.subarray(open.start, Math.max(open.start, start - 1));
      return {
        kind: 'answer',
        sequence,
        status: open.status,
        bytes: packed.length === 0 ? packed : gunzipSync(packed, { maxOutputLength: MAX_ANSWER_LENGTH }),
      };
    } catch {
      return { kind: 'garbled', sequence };
    }
  }

  #append(chunk: Buffer): void {
    const length = this.#length + chunk.length;
    if (length > this.#bytes.length) {
      const larger = Buffer.alloc(2 * length);
      this.#bytes.copy(larger, 0, 0, this.#length);
      this.#bytes = larger;
    }
    chunk.copy(this.#bytes, this.#length);
    this.#length = length;
  }

  /** Drops what no message can need any more. */
  #forget(): void {
    if (this.#open && this.#length - this.#open.start > MAX_ANSWER_LENGTH) this.#open = undefined;
    const from = this.#open?.start ?? this.#scan;
    if (from === 0) return;
    this.#bytes.copyWithin(0, from, this.#length);
    this.#length -= from;
    this.#scan = Math.max(0, this.#scan - from);
    if (this.#open) this.#open = { ...this.#open, start: 0 };
  }
}
