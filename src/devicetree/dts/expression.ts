/**
 * Integers and expressions: C's operators on unsigned 64-bit numbers. Everything is evaluated, so a division by zero is an
 * error also in a branch that is not taken. Two stacks instead of recursion, so the depth of nesting is not limited.
 *
 * Source: Devicetree Specification v0.4, §6.3; dtc 1.6.1 for comparison and division, which are unsigned, and for
 * shifts by 64 and more, which give 0.
 */

import type { Token } from './token.ts';
import type { Tokens } from './tokens.ts';

const OUT_OF_RANGE = 1n << 64n;

type Operation = (left: bigint, right: bigint) => bigint;

interface Binary {
  readonly precedence: number;
  readonly apply: Operation;
}

const truth = (value: boolean) => (value ? 1n : 0n);

const BINARY: ReadonlyMap<string, Binary> = new Map<string, Binary>([
  ['||', { precedence: 1, apply: (left, right) => truth(left !== 0n || right !== 0n) }],
  ['&&', { precedence: 2, apply: (left, right) => truth(left !== 0n && right !== 0n) }],
  ['|', { precedence: 3, apply: (left, right) => left | right }],
  ['^', { precedence: 4, apply: (left, right) => left ^ right }],
  ['&', { precedence: 5, apply: (left, right) => left & right }],
  ['==', { precedence: 6, apply: (left, right) => truth(left === right) }],
  ['!=', { precedence: 6, apply: (left, right) => truth(left !== right) }],
  ['<', { precedence: 7, apply: (left, right) => truth(left < right) }],
  ['>', { precedence: 7, apply: (left, right) => truth(left > right) }],
  ['<=', { precedence: 7, apply: (left, right) => truth(left <= right) }],
  ['>=', { precedence: 7, apply: (left, right) => truth(left >= right) }],
  ['<<', { precedence: 8, apply: (left, right) => (right < 64n ? left << right : 0n) }],
  ['>>', { precedence: 8, apply: (left, right) => (right < 64n ? left >> right : 0n) }],
  ['+', { precedence: 9, apply: (left, right) => left + right }],
  ['-', { precedence: 9, apply: (left, right) => left - right }],
  ['*', { precedence: 10, apply: (left, right) => left * right }],
  ['/', { precedence: 10, apply: (left, right) => left / right }],
  ['%', { precedence: 10, apply: (left, right) => left % right }],
]);

const UNARY: ReadonlyMap<string, (value: bigint) => bigint> = new Map([
  ['-', (value: bigint) => -value],
  ['~', (value: bigint) => ~value],
  ['!', (value: bigint) => truth(value === 0n)],
]);

/** An operator whose right operand is not parsed yet; `(`, `?` and `:` wait for their counterparts. */
interface Waiting {
  readonly kind: 'unary' | 'binary' | '(' | '?' | ':';
  readonly token: Token;
}

/** The value of a literal: decimal, octal or hexadecimal; suffixes are ignored. */
function literal(tokens: Tokens, { text, at }: Token): bigint {
  const digits = text.replace(/[UL]+$/, '');
  const hex = /^0[xX]/.test(digits);
  const octal = !hex && digits.length > 1 && digits.startsWith('0');
  if (octal && /[89]/.test(digits)) throw tokens.error(`${text} begins with 0 and is not octal`, at);
  const significant = digits.replace(/^0[xX]?0*/, '');
  const number =
    significant.length > 22 ? OUT_OF_RANGE : BigInt(`${hex ? '0x' : octal ? '0o' : ''}${significant || '0'}`);
  if (number >= OUT_OF_RANGE) throw tokens.error('a number of more than 64 bits', at);
  return number;
}

function operand(tokens: Tokens): bigint {
  const token = tokens.current;
  if (token.kind === 'number') return literal(tokens, tokens.take());
  if (token.kind !== 'character') throw tokens.unexpected('an integer');
  const text = tokens.text(tokens.take());
  if (text.length !== 1) throw tokens.error(`a character literal of ${text.length} characters`, token.at);
  return BigInt(text.charCodeAt(0));
}

/** Whether an integer can start with the current token. */
export function isInteger(tokens: Tokens): boolean {
  return tokens.is('number') || tokens.is('character') || tokens.is('symbol', '(');
}

/** A literal, or an expression in parentheses; from 0 to 2⁶⁴ − 1. */
export function parseInteger(tokens: Tokens): bigint {
  if (!tokens.is('symbol', '(')) return operand(tokens);
  return new Evaluation(tokens).run();
}

class Evaluation {
  readonly #tokens: Tokens;
  readonly #values: bigint[] = [];
  readonly #waiting: Waiting[] = [];

  constructor(tokens: Tokens) {
    this.#tokens = tokens;
  }

  run(): bigint {
    const tokens = this.#tokens;
    do {
      this.#operand();
      while (tokens.is('symbol', ')') && this.#waiting.length > 0) this.#close();
      if (this.#waiting.length > 0) this.#operator();
    } while (this.#waiting.length > 0);
    return this.#pop();
  }

  /** Parses an operand with its prefix operators. */
  #operand(): void {
    const tokens = this.#tokens;
    for (;;) {
      const { kind, text } = tokens.current;
      if (kind !== 'symbol' || (text !== '(' && !UNARY.has(text))) break;
      this.#waiting.push({ kind: text === '(' ? '(' : 'unary', token: tokens.take() });
    }
    this.#values.push(operand(tokens));
  }

  #operator(): void {
    const tokens = this.#tokens;
    const { kind, text, at } = tokens.current;
    const binary = kind === 'symbol' ? BINARY.get(text) : undefined;
    if (binary !== undefined) {
      this.#reduce(binary.precedence);
      this.#waiting.push({ kind: 'binary', token: tokens.take() });
    } else if (tokens.is('symbol', '?')) {
      this.#reduce(1);
      this.#waiting.push({ kind: '?', token: tokens.take() });
    } else if (tokens.is('symbol', ':')) {
      this.#reduce(0);
      if (this.#waiting.at(-1)?.kind !== '?') throw tokens.error('":" without "?"', at);
      this.#waiting.pop();
      this.#waiting.push({ kind: ':', token: tokens.take() });
    } else throw tokens.unexpected('an operator or ")"');
  }

  #close(): void {
    const tokens = this.#tokens;
    this.#reduce(0);
    if (this.#waiting.pop()?.kind !== '(') throw tokens.unexpected('":"');
    tokens.take();
  }

  /** Applies the waiting operators of at least this precedence; 0 applies all, with conditions. */
  #reduce(precedence: number): void {
    for (let top = this.#waiting.at(-1); top !== undefined; top = this.#waiting.at(-1)) {
      if (top.kind === '(' || top.kind === '?') return;
      if (top.kind === ':' && precedence > 0) return;
      if (top.kind === 'binary' && (BINARY.get(top.token.text)?.precedence ?? 0) < precedence) return;
      this.#waiting.pop();
      this.#values.push(BigInt.asUintN(64, this.#apply(top)));
    }
  }

  #apply({ kind, token }: Waiting): bigint {
    const right = this.#pop();
    if (kind === 'unary') return UNARY.get(token.text)?.(right) ?? right;
    const left = this.#pop();
    if (kind === ':') return this.#pop() !== 0n ? left : right;
    if (right === 0n && /[/%]/.test(token.text)) throw this.#tokens.error('division by zero', token.at);
    return BINARY.get(token.text)?.apply(left, right) ?? right;
  }

  #pop(): bigint {
    const value = this.#values.pop();
    if (value === undefined) throw new Error('every operator has its operands');
    return value;
  }
}
