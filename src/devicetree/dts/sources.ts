import { InputError, type Where } from '../../base/index.ts';

/** The file and line number that a line marker sets. */
interface Marker {
  /** Its offset, at the start of a line. */
  readonly offset: number;
  readonly file: string;
  /** The line number of its own line. */
  readonly line: number;
}

export interface Source {
  /** Its path; undefined for a text without a file. */
  readonly path: string | undefined;
  readonly text: string;
  /** Position of its first character. */
  readonly base: number;
  readonly markers: Marker[];
}

/** Maximum characters of a line in an excerpt. */
const EXCERPT = 100;

export class Sources {
  readonly #sources: Source[] = [];
  #end = 0;

  add(path: string | undefined, text: string): Source {
    const source: Source = { path, text, base: this.#end, markers: [] };
    this.#sources.push(source);
    this.#end += text.length + 1;
    return source;
  }

  /** Characters of all texts so far. */
  get size(): number {
    return this.#end;
  }

  get count(): number {
    return this.#sources.length;
  }

  /** The place of a position, adjusted by line markers. */
  where(at: number): Where {
    const source = this.#at(at);
    const offset = at - source.base;
    const marker = source.markers.findLast((candidate) => candidate.offset <= offset);
    let line = marker?.line ?? 1;
    const { text } = source;
    let start = marker?.offset ?? 0;
    for (let next = text.indexOf('\n', start); next >= 0 && next < offset; next = text.indexOf('\n', start)) {
      line += 1;
      start = next + 1;
    }
    const file = marker?.file ?? source.path;
    // Preprocessors use line 0 for text without a file.
    const where = { offset, line: Math.max(1, line), column: offset - start + 1 };
    return file === undefined ? where : { file, ...where };
  }

  error(message: string, at: number, more: { hint?: string; path?: string } = {}): InputError {
    const { path, hint } = more;
    const where = this.where(at);
    return new InputError(message, path === undefined ? where : { ...where, path }, {
      ...(hint === undefined ? {} : { hint }),
      excerpt: this.#excerpt(at, (where.column ?? 1) - 1),
    });
  }

  /** The line with a caret under the place; of a long line only the part around it. */
  #excerpt(at: number, column: number): string {
    const { text, base } = this.#at(at);
    const start = at - base - column;
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline;
    const from = Math.max(start, Math.min(at - base - EXCERPT / 2, end - EXCERPT));
    const shown = text.slice(from, Math.min(end, from + EXCERPT));
    // One column for each character.
    return `${shown.replace(/[\0-\x1f\x7f-\x9f]/g, ' ')}\n${' '.repeat(at - base - from)}^`;
  }

  #at(at: number): Source {
    let low = 0;
    let high = this.#sources.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((this.#sources[middle]?.base ?? 0) <= at) low = middle;
      else high = middle - 1;
    }
    const source = this.#sources[low];
    if (source === undefined) throw new Error('no source, no position');
    return source;
  }
}
