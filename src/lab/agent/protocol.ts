import { gunzipSync } from 'node:zlib';

/**
 * Protocol on the agent's console. The console is 8-bit clean in both directions and loses nothing. It may contain bytes from
 * before: an echo, part of a request of a process that was killed, an answer to an earlier request.
 *
 * A request is a header line and a text. Numbers and text are sent twice instead of a checksum, which would cost the shell two
 * processes; a record separator (0x1e) is between the texts. The text is not part of the line, because a shell reads lines
 * character by character, which is slow:
 * ```
 * TP SEQUENCE LENGTH SEQUENCE LENGTH \n   TEXT \x1e TEXT   \n
 * ```
 * The text is an operation of the agent with its arguments as shell words. The bytes of an answer are compressed by gzip, whose
 * CRC-32 and length detect errors. Empty answers are sent uncompressed: most are empty, and gzip costs a process:
 * ```
 * \x01 TP SEQUENCE STATUS \n   gzip'd bytes   \n \x01 TP SEQUENCE end \n
 * ```
 * A request whose copies or length differ is answered by `\x01TP again\n` and not processed. A request with the sequence number
 * of the previous one is not processed again; its answer is repeated. So the host may repeat a request at any time. The agent
 * sends `\x01TP hello\n` once, when it starts.
 */

/** @param text an operation and its arguments. @returns the bytes to be sent */
export function encodeRequest(sequence: number, text: Buffer): Buffer {
  const numbers = `${sequence} ${text.length}`;
  const head = Buffer.from(`\nTP ${numbers} ${numbers}\n`, 'latin1');
  return Buffer.concat([head, text, Buffer.from([0x1e]), text, Buffer.from('\n')]);
}

/** A complete message of the agent. */
export type Message =
  | { readonly kind: 'hello' | 'again' }
  | { readonly kind: 'answer'; readonly sequence: number; readonly status: number; readonly bytes: Buffer }
  /** An answer that was damaged on the way. */
  | { readonly kind: 'garbled'; readonly sequence: number };

const MARK = Buffer.from('\x01TP ');
/** Bytes of a line that starts with the mark: the mark, two numbers and a blank. */
const MAX_LINE_LENGTH = 64;
/** Bytes of an answer, compressed or not. A complete kernel log and a tree of 100 000 properties take less. */
const MAX_ANSWER_LENGTH = 64 << 20;

/** Finds the agent's messages in the bytes of its console; other bytes are ignored. */
export class MessageReader {
  #bytes = Buffer.alloc(1 << 16);
  #length = 0;
  /** Offset at which the search for the next mark continues. */
  #scan = 0;
  /** The answer that is being received, and the offset of its bytes. */
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

  /** Drops bytes that cannot be part of a message any more. */
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
