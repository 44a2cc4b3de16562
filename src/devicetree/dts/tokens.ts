import type { InputError } from '../../base/index.ts';
import { resolveEscapes } from './escapes.ts';
import type { Lexer } from './lex.ts';
import type { Sources } from './sources.ts';
import { describeToken, type Token, type TokenKind } from './token.ts';

/** The tokens of a source, one at a time, with errors about unexpected ones. */
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

  /** The file of the current token. */
  get path(): string | undefined {
    return this.#path;
  }

  /** Returns the current token and advances. */
  take(): Token {
    const taken = this.#current;
    this.#current = this.#lexer.next();
    this.#path = this.#lexer.path;
    return taken;
  }

  is(kind: TokenKind, text?: string): boolean {
    return this.#current.kind === kind && (text === undefined || this.#current.text === text);
  }

  /** Advances if the current token matches. */
  skip(kind: TokenKind, text: string): boolean {
    const found = this.is(kind, text);
    if (found) this.take();
    return found;
  }

  /**
   * Returns the current token and advances.
   * @throws InputError that `what` was expected if the token does not match
   */
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

  /** The value of a string or character literal, one character for each byte. */
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
