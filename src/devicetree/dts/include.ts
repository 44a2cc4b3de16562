import { decodeLatin1, InputError } from '../../base/index.ts';
import type { Source, Sources } from './sources.ts';

/** An included source, with the path to which its own includes are relative. */
export interface IncludedSource {
  /** Its path. */
  readonly path: string;
  /** Its text; bytes are read as Latin-1. */
  readonly text: string | Uint8Array;
}

/** A file of `/incbin/`. */
export interface IncludedBytes {
  /** Its path. */
  readonly path: string;
  /** Its content. */
  readonly bytes: Uint8Array;
}

/**
 * How files are found. `path` is the path in the source, `from` the path of the including file (undefined if the source has
 * no path). A result of undefined means that there is no such file.
 */
export interface IncludeOptions {
  /** Finds a source of `/include/`. Absent: `/include/` is an error. */
  readonly include?: (path: string, from: string | undefined, kind: 'source') => IncludedSource | undefined;
  /** Finds a file of `/incbin/`. Absent: `/incbin/` is an error. */
  readonly incbin?: (path: string, from: string | undefined) => IncludedBytes | undefined;
}

/** Open files, with the outermost one, at most; as in dtc. */
const MAX_DEPTH = 200;

// If each of several small files includes the next one twice, the result grows exponentially.
const MAX_SOURCES = 100_000;
const MAX_BYTES = 1 << 28;

export function textOf(source: string | Uint8Array): string {
  return typeof source === 'string' ? source : decodeLatin1(source);
}

export class Includer {
  readonly #sources: Sources;
  readonly #options: IncludeOptions;
  #bytes = 0;

  constructor(sources: Sources, options: IncludeOptions) {
    this.#sources = sources;
    this.#options = options;
  }

  /** Opens an included source; `depth` files are open already, `at` is the position of the directive. */
  source(path: string, from: string | undefined, at: number, depth: number): Source {
    const { include } = this.#options;
    if (depth >= MAX_DEPTH) throw this.#sources.error('included files are nested too deep', at);
    const found = this.#find(path, at, include && (() => include(path, from, 'source')));
    const text = textOf(found.text);
    if (this.#sources.count > MAX_SOURCES || this.#sources.size + text.length > MAX_BYTES) {
      throw this.#sources.error('too much is included', at);
    }
    return this.#sources.add(found.path, text);
  }

  /** `length` bytes of a file from `offset` on, fewer if the file ends before. */
  bytes(path: string, from: string | undefined, at: number, offset: bigint, length: bigint): Uint8Array {
    const { incbin } = this.#options;
    if (offset >> 63n !== 0n) throw this.#sources.error('a file has no negative offset', at);
    const found = this.#find(path, at, incbin && (() => incbin(path, from)));
    const start = Math.min(Number(offset), found.bytes.length);
    const part = found.bytes.subarray(start, Math.min(start + Number(length), found.bytes.length));
    this.#bytes += part.length;
    if (this.#bytes > MAX_BYTES) throw this.#sources.error('too much is included', at);
    return part;
  }

  #find<T>(path: string, at: number, find: (() => T | undefined) | undefined): T {
    if (find === undefined) {
      const hint = 'give parseDts a way to read other files, or put the text in its place';
      throw this.#sources.error(`this source needs the file "${path}", and there is no way to read it`, at, {
        hint,
      });
    }
    let found: T | undefined;
    try {
      found = find();
    } catch (error) {
      if (error instanceof InputError) throw error.at(this.#sources.where(at));
      throw this.#sources.error(
        `cannot read "${path}": ${error instanceof Error ? error.message : error}`,
        at,
      );
    }
    if (found === undefined) throw this.#sources.error(`there is no file "${path}"`, at);
    return found;
  }
}
