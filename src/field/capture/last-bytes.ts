/** Keeps the last bytes of what it is given, in bounded memory. */
export class LastBytes {
  readonly #max: number;
  readonly #parts: Uint8Array[] = [];
  #kept = 0;
  /** Bytes that were pushed. */
  length = 0;

  constructor(max: number) {
    this.#max = max;
  }

  /** Whether some of the bytes are dropped. */
  get cut(): boolean {
    return this.length > this.#max;
  }

  push(bytes: Uint8Array): void {
    this.#parts.push(bytes);
    this.#kept += bytes.length;
    this.length += bytes.length;
    for (let [first] = this.#parts; first && this.#kept - first.length >= this.#max; [first] = this.#parts) {
      this.#parts.shift();
      this.#kept -= first.length;
    }
  }

  bytes(): Uint8Array {
    return new Uint8Array(Buffer.concat(this.#parts).subarray(-this.#max));
  }
}

/** Bytes of a line of a log that are taken: the kernel's lines are shorter. */
export const MAX_LINE_BYTES = 4096;

/** Takes the kernel's lines out of a file of syslog, as `tr -d '\\000' | cut -b 1-4096 | sed -n '/ kernel: /p'` does. */
export class KernelLines {
  readonly #log: LastBytes;
  /** The start of a line whose end is in the next chunk. */
  #rest = '';

  constructor(log: LastBytes) {
    this.#log = log;
  }

  push(chunk: Buffer): void {
    const lines = (this.#rest + chunk.toString('latin1').replaceAll('\0', '')).split('\n');
    this.#rest = (lines.pop() ?? '').slice(0, MAX_LINE_BYTES);
    const kept = lines.map((line) => line.slice(0, MAX_LINE_BYTES)).filter(isOfKernel);
    if (kept.length > 0) this.#log.push(Buffer.from(`${kept.join('\n')}\n`, 'latin1'));
  }

  end(): void {
    if (isOfKernel(this.#rest)) this.#log.push(Buffer.from(`${this.#rest}\n`, 'latin1'));
  }
}

function isOfKernel(line: string): boolean {
  return line.includes(' kernel: ');
}
