/**
 * Splits a source into tokens.
 *
 * Tokens depend on the context: `12` is a number between angle brackets, a byte between square brackets and a name after a
 * semicolon. dtc's rule, found by experiment: after `{`, `;`, `/delete-node/` and `/delete-property/` a name is expected;
 * after `[` come bytes up to `]`; all other contexts are plain. A name, `/bits/`, `/memreserve/` and `/dts-v1/` end the
 * expectation of a name. Source: Devicetree Specification v0.4, chapter 6; dtc 1.6.1.
 */

import { DIGIT, HEX, isAt, LABEL, NAME, SPACE, skip } from './characters.ts';
import { resolveEscapes } from './escapes.ts';
import type { Includer } from './include.ts';
import type { Source, Sources } from './sources.ts';
import type { Token, TokenKind } from './token.ts';

type Mode = 'plain' | 'name' | 'bytes';

const DIRECTIVES: readonly (readonly [string, Mode | undefined])[] = [
  ['/dts-v1/', 'plain'],
  ['/plugin/', 'plain'],
  ['/memreserve/', 'plain'],
  ['/bits/', 'plain'],
  ['/delete-node/', 'name'],
  ['/delete-property/', 'name'],
  ['/omit-if-no-ref/', undefined],
  ['/incbin/', 'plain'],
];

/** A line marker up to the quote before its file. */
const LINE_MARKER = /#(?:line)?[ \t]+(\d+)[ \t]+"/y;

const PAIRS: ReadonlySet<string> = new Set(['<<', '>>', '<=', '>=', '==', '!=', '&&', '||']);

interface Open {
  readonly source: Source;
  offset: number;
}

export class Lexer {
  readonly #sources: Sources;
  readonly #includer: Includer;
  readonly #stack: Open[] = [];
  #open: Open;
  #mode: Mode = 'plain';

  constructor(sources: Sources, source: Source, includer: Includer) {
    this.#sources = sources;
    this.#includer = includer;
    this.#open = { source, offset: 0 };
  }

  /** Path of the current file, to which paths in it are relative. */
  get path(): string | undefined {
    return this.#open.source.path;
  }

  next(): Token {
    this.#skip();
    const { source, offset } = this.#open;
    const { text } = source;
    if (offset >= text.length) return { kind: 'end', text: '', at: source.base + offset };
    const reference = text[offset] === '&' ? this.#reference(text, offset) : undefined;
    if (reference !== undefined) return reference;
    if (isAt(text, offset, LABEL) && !isAt(text, offset, DIGIT)) {
      const end = skip(text, offset, LABEL);
      if (text[end] === ':') return this.#token('label', text.slice(offset, end), end + 1);
    }
    if (this.#mode === 'name') {
      const start = text[offset] === '\\' ? offset + 1 : offset;
      const end = skip(text, start, NAME);
      if (end > start) {
        this.#mode = 'plain';
        return this.#token('name', text.slice(start, end), end);
      }
    } else if (this.#mode === 'bytes') {
      if (isAt(text, offset, HEX) && isAt(text, offset + 1, HEX)) {
        return this.#token('byte', text.slice(offset, offset + 2), offset + 2);
      }
    } else if (isAt(text, offset, DIGIT)) return this.#number(text, offset);
    return this.#mark(text, offset);
  }

  #token(kind: TokenKind, text: string, end: number): Token {
    const { source, offset } = this.#open;
    this.#open.offset = end;
    return { kind, text, at: source.base + offset };
  }

  #number(text: string, offset: number): Token {
    const hex = text[offset] === '0' && /[xX]/.test(text[offset + 1] ?? '') && isAt(text, offset + 2, HEX);
    const digits = hex ? skip(text, offset + 2, HEX) : skip(text, offset, DIGIT);
    const suffix = /^(?:U?LL|U?L|U)?/.exec(text.slice(digits, digits + 3))?.[0].length ?? 0;
    return this.#token('number', text.slice(offset, digits + suffix), digits + suffix);
  }

  #reference(text: string, offset: number): Token | undefined {
    const brace = text[offset + 1] === '{' ? 1 : 0;
    const start = offset + 1 + brace;
    let end = isAt(text, start, DIGIT) ? start : skip(text, start, LABEL);
    if (brace === 0) return end > start ? this.#token('reference', text.slice(start, end), end) : undefined;
    if (text[end] !== '/') return undefined;
    while (text[end] === '/' || isAt(text, end, NAME)) end += 1;
    return text[end] === '}' ? this.#token('reference', text.slice(start, end), end + 1) : undefined;
  }

  #mark(text: string, offset: number): Token {
    const character = text[offset] ?? '';
    if (character === '/') {
      for (const [directive, mode] of DIRECTIVES) {
        if (!text.startsWith(directive, offset)) continue;
        this.#mode = mode ?? this.#mode;
        return this.#token('directive', directive, offset + directive.length);
      }
    }
    if (character === '"' || character === "'") {
      const end = this.#quoted(text, offset);
      return this.#token(character === '"' ? 'string' : 'character', text.slice(offset + 1, end), end + 1);
    }
    const pair = text.slice(offset, offset + 2);
    if (PAIRS.has(pair)) return this.#token('symbol', pair, offset + 2);
    if (character === '{' || character === ';') this.#mode = 'name';
    else if (character === '[') this.#mode = 'bytes';
    else if (character === ']' && this.#mode === 'bytes') this.#mode = 'plain';
    return this.#token('symbol', character, offset + 1);
  }

  /** The offset of the quote that closes the one at `offset`. */
  #quoted(text: string, offset: number): number {
    const quote = text[offset];
    for (let end = offset + 1; end < text.length; end += 1) {
      if (text[end] === quote) return end;
      if (text[end] !== '\\') continue;
      end += 1;
      if (quote === '"' && text[end] === '\n') break;
    }
    throw this.#sources.error(`nothing ends what ${quote} begins`, this.#open.source.base + offset);
  }

  /** Skips white space, comments and line markers, enters and leaves included files, up to the next token. */
  #skip(): void {
    for (;;) {
      const { source, offset } = this.#open;
      const { text } = source;
      const start = skip(text, offset, SPACE);
      this.#open.offset = start;
      if (start >= text.length) {
        const outer = this.#stack.pop();
        if (outer === undefined) return;
        this.#open = outer;
      } else if (text.startsWith('//', start)) {
        const end = text.indexOf('\n', start);
        this.#open.offset = end < 0 ? text.length : end;
      } else if (text.startsWith('/*', start)) {
        const end = text.indexOf('*/', start + 2);
        if (end < 0) throw this.#sources.error('nothing ends this comment', source.base + start);
        this.#open.offset = end + 2;
      } else if (!(text[start] === '#' && this.#lineMarker(start)) && !this.#include(start)) return;
    }
  }

  /** Reads `#line 7 "file"` or `# 7 "file" 1 3` of a preprocessor: the number and file of the next line. */
  #lineMarker(offset: number): boolean {
    const { source } = this.#open;
    const { text } = source;
    if (offset > 0 && text[offset - 1] !== '\n') return false;
    LINE_MARKER.lastIndex = offset;
    const head = LINE_MARKER.exec(text);
    if (head === null) return false;
    const quote = LINE_MARKER.lastIndex - 1;
    let end = this.#quoted(text, quote);
    const file = resolveEscapes(text.slice(quote + 1, end));
    if (file === undefined) throw this.#sources.error('\\x needs a hexadecimal digit', source.base + quote);
    // The rest of this line belongs to the previous line.
    const newlines = text.slice(offset, end).split('\n').length - 1;
    source.markers.push({ offset, file, line: Number(head[1]) - 1 - newlines });
    for (end += 1; ; ) {
      const flag = skip(text, end, SPACE);
      if (flag === end || text.slice(end, flag).includes('\n') || !isAt(text, flag, DIGIT)) break;
      end = skip(text, flag, DIGIT);
    }
    this.#open.offset = end;
    return true;
  }

  #include(offset: number): boolean {
    const { source } = this.#open;
    const { text } = source;
    if (!text.startsWith('/include/', offset)) return false;
    const quote = skip(text, offset + '/include/'.length, SPACE);
    if (text[quote] !== '"') return false;
    const end = this.#quoted(text, quote);
    this.#open.offset = end + 1;
    this.#stack.push(this.#open);
    // dtc resolves no escapes in the name of a file.
    const included = this.#includer.source(
      text.slice(quote + 1, end),
      source.path,
      source.base + offset,
      this.#stack.length,
    );
    this.#open = { source: included, offset: 0 };
    return true;
  }
}
