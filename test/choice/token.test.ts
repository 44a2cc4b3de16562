import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromToken, toToken } from '../../src/choice/index.ts';
import { SEED } from '../support/trees.ts';

const lists = fc.array(fc.oneof(fc.constant(0), fc.nat({ max: 40 }), fc.nat({ max: 0xffffffff })), {
  maxLength: 60,
});
const withoutTail = (list: readonly number[]) =>
  list.slice(0, list.findLastIndex((choice) => choice !== 0) + 1);
const problemOf = (text: string) => {
  const reading = fromToken(text);
  return reading.ok ? undefined : reading.problem;
};

test('tokens are short, stable and safe in an address', () => {
  expect(toToken([])).toBe('t1-e_Qg');
  expect(toToken([0, 0, 0, 1, 2, 33, 0])).toBe('t1-ACBChBGk-B');
});

test('a list survives, without its zeros at the end', () => {
  fc.assert(
    fc.property(lists, (list) => {
      const token = toToken(list);
      expect(token).toMatch(/^[\w-]+$/);
      expect(fromToken(token)).toEqual({ ok: true, choices: withoutTail(list) });
    }),
    { seed: SEED },
  );
});

test('a thousand plain choices take two or three digits', () => {
  expect(toToken([...Array(1000).fill(0), 1]).length).toBeLessThanOrEqual(3 + 1 + 2 + 1 + 4);
});

test('a changed, missing or doubled letter is detected', () => {
  const token = toToken([1, 0, 0, 5, 77, 3]);
  for (let at = 0; at < token.length; at++) {
    const [head, letter, tail] = [token.slice(0, at), token.charAt(at), token.slice(at + 1)];
    for (const other of ['A', 'B', 'x', '-', '!', ' ']) {
      if (other !== letter) expect(fromToken(head + other + tail).ok, `${head}[${other}]${tail}`).toBe(false);
    }
    expect(fromToken(head + tail).ok).toBe(false);
    expect(fromToken(head + letter + letter + tail).ok).toBe(false);
  }
});

test('an unreadable token has its problem named', () => {
  expect(problemOf('')).toBe('a token starts with t1-');
  expect(problemOf('xt2-AAAA')).toBe('a token starts with t1-');
  expect(problemOf('t2-AAAA')).toBe('version 2 of the token format is not known');
  expect(problemOf('t10-AAAA')).toBe('version 10 of the token format is not known');
  expect(problemOf('t1-AAA')).toBe('the token is cut short');
  expect(problemOf('t1-BAAAA')).toMatch(/check digits/);
  expect(problemOf(forge('t1-B!B'))).toBe('"!" is no digit of a token');
  expect(problemOf(forge('t1-g'))).toBe('the token ends within a number');
  expect(problemOf(forge('t1-A'))).toBe('the token ends within a number');
  expect(problemOf(forge('t1-BA'))).toBe('the token ends within a number');
});

test('numbers have 32 bits and at most seven digits', () => {
  expect(fromToken(toToken([0xffff_ffff]))).toEqual({ ok: true, choices: [0xffff_ffff] });
  expect(fromToken(forge('t1-hgggggA'))).toEqual({ ok: true, choices: [1] });
  const tooLarge = 'a number in the token is too large';
  expect(problemOf(forge(`t1-${'g'.repeat(6)}E`))).toBe(tooLarge); // 2^32
  expect(problemOf(forge(`t1-h${'g'.repeat(6)}A`))).toBe(tooLarge);
  for (const choice of [-1, 1.5, 2 ** 32, Number.NaN]) {
    expect(() => toToken([choice])).toThrow(new RangeError(`choice ${choice}`));
  }
});

const MAX_CHOICES = 1_000_000;

test('a token stands for at most a million choices', () => {
  const most = [...Array(MAX_CHOICES - 1).fill(0), 1];
  const reading = fromToken(toToken(most));
  expect(reading.ok && reading.choices.length).toBe(MAX_CHOICES);
  expect(() => toToken([0, ...most])).toThrow(
    new RangeError('1000001 choices are more than a token can hold'),
  );

  const tooMany = 'the token stands for too many choices';
  // The digits of a million zeros: 0, then 999,999.
  const million = `t1-A${digitsOf(MAX_CHOICES - 1)}`;
  expect(fromToken(forge(million)).ok).toBe(true);
  expect(problemOf(forge(`${million}B`))).toBe(tooMany);
  expect(problemOf(forge(`t1-BA${digitsOf(MAX_CHOICES - 1)}`))).toBe(tooMany);
  expect(problemOf(forge(`t1-A${digitsOf(MAX_CHOICES)}`))).toBe(tooMany);
  expect(problemOf(forge(`t1-A${digitsOf(2 ** 30)}`))).toBe(tooMany);
});

test('zeros at the end are not written', () => {
  expect(toToken([0, 0, 0])).toBe(toToken([]));
  expect(toToken([1, 0])).toBe(toToken([1]));
});

test('any text is read or rejected', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.boolean(), (text, prefixed) => {
      const reading = fromToken(prefixed ? `t1-${text}` : text);
      if (reading.ok) expect(fromToken(toToken(reading.choices))).toEqual(reading);
    }),
    { seed: SEED, numRuns: 500 },
  );
});

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** A number in groups of five bits, the lowest first; the sixth bit says that another group follows. */
function digitsOf(number: number): string {
  return number < 32
    ? DIGITS.charAt(number)
    : DIGITS.charAt(32 + (number % 32)) + digitsOf(Math.floor(number / 32));
}

/** A body with the check digits that belong to it. */
function forge(body: string): string {
  let hash = 0x811c9dc5;
  for (const letter of body) hash = Math.imul(hash ^ letter.charCodeAt(0), 0x01000193);
  const folded = (hash ^ (hash >>> 24)) & 0xffffff;
  return body + [0, 6, 12, 18].map((shift) => DIGITS.charAt((folded >>> shift) & 63)).join('');
}
