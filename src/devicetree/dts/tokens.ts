import type { InputError } from '../../base/index.ts';
import { resolveEscapes } from './escapes.ts';
import type { Lexer } from './lex.ts';
import type { Sources } from './sources.ts';
import { describeToken, type Token, type TokenKind } from './token.ts';

/** A source as its parser sees it: one token at a time, and what was expected instead. */
export class Tokens {
  readonly #lexer: Lexer;
  readonly #sources: Sources;
  #current: Token;
  #path: string | undefined;

  constructor(lexer: Lexer, sources: Sources) {
    this.#lexer = lexer;
    this.#sources = sources;
    this.#current = lexer.next();
    this.#path = lexer.path;
  }

  get current(): Token {
    return this.#current;
  }

  /** The file that the current token stands in. */
  get path(): string | undefined {
    return this.#path;
  }

  /** Goes on to the next token, and gives the one before. */
  take(): Token {
    const taken = this.#current;
    this.#current = this.#lexer.next();
    this.#path = this.#lexer.path;
    return taken;
  }

  is(kind: TokenKind, text?: string): boolean {
    return this.#current.kind === kind && (text === undefined || this.#current.text === text);
  }

  /** Takes the token if it is that one. */
  skip(kind: TokenKind, text: string): boolean {
    const found = this.is(kind, text);
    if (found) this.take();
    return found;
  }

  /** Takes a token of that kind, or says that there should be `what`. */
  expect(kind: TokenKind, what: string, text?: string): Token {
    if (!this.is(kind, text)) throw this.unexpected(what);
    return this.take();
  }

  symbol(text: string): void {
    this.expect('symbol', `"${text}"`, text);
  }

  unexpected(what: string): InputError {
    const found = this.#current;
    return this.error(`expected ${what}, found ${describeToken(found)}`, found.at);
  }

  error(message: string, at: number, more?: { hint?: string }): InputError {
    return this.#sources.error(message, at, more);
  }

  /** What a string or character literal stands for, one character for each byte. */
  text({ text, at }: Token): string {
    const plain = resolveEscapes(text);
    if (plain === undefined) throw this.error('\\x needs a hexadecimal digit', at);
    if (/[^\0-\xff]/.test(plain)) {
      const hint = 'read the file as Latin-1, or as bytes';
      throw this.error('a character of more than one byte', at, { hint });
    }
    return plain;
  }
}
