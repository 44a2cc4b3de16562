/**
 * A line of a program other than the kernel and the tools of a migration, in a journal or a file of syslog. Such lines are
 * nine tenths of a log, and no line of them is known.
 */
const OTHER_PROGRAM =
  /^(?:[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)[\d.,:+Z-]* \S+ (?!kernel: |(?:drmgr|hcnmgr|rtas_errd)\b)[^\s:]+: .*\n/gm;

/** Characters of one log that are kept: the last ones. */
const MAX_CHARACTERS = 64 << 20;

/** Characters of a line without an end before it is taken as one; printk cuts at 1024. */
const MAX_LINE_LENGTH = 1 << 20;

/** Takes a log in chunks and keeps the lines of the kernel and of the tools of a migration, in bounded memory. */
export class LineSieve {
  readonly #max: number;
  /** Whole lines. */
  #kept: string[] = [];
  #length = 0;
  /** The start of a line whose end is in the next chunk. */
  #rest = '';
  #cut = false;

  constructor(max = MAX_CHARACTERS) {
    this.#max = max;
  }

  push(chunk: Uint8Array): void {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    const end = bytes.lastIndexOf(0x0a) + 1;
    // The line that began in an earlier chunk is joined by itself, so that the rest is copied once.
    const start = this.#rest === '' ? 0 : bytes.indexOf(0x0a) + 1;
    if (end > 0) {
      this.#sift(this.#rest + bytes.toString('latin1', 0, start));
      this.#sift(bytes.toString('latin1', start, end));
      this.#rest = '';
    }
    this.#rest += bytes.toString('latin1', end);
    if (this.#rest.length <= MAX_LINE_LENGTH) return;
    this.#keep(`${this.#rest}\n`);
    this.#rest = '';
  }

  /** The kept lines in parts that end with whole lines, and whether earlier ones were dropped for lack of space. */
  end(): { readonly parts: readonly string[]; readonly cut: boolean } {
    if (this.#rest !== '') this.#sift(`${this.#rest}\n`);
    this.#rest = '';
    const parts = this.#kept;
    this.#kept = [];
    return { parts, cut: this.#cut };
  }

  #sift(lines: string): void {
    this.#keep(lines.replace(OTHER_PROGRAM, ''));
  }

  #keep(text: string): void {
    if (text === '') return;
    this.#kept.push(text);
    this.#length += text.length;
    while (this.#length > this.#max && this.#kept.length > 1) {
      this.#length -= this.#kept.shift()?.length ?? 0;
      this.#cut = true;
    }
  }
}
