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

test('what is written is read, without the plain tail', () => {
  fc.assert(
    fc.property(lists, (list) => {
      const token = toToken(list);
      expect(token).toMatch(/^[\w-]+$/);
      expect(fromToken(token)).toEqual({ ok: true, choices: withoutTail(list) });
    }),
    { seed: SEED },
  );
});

test('a thousand plain choices cost two digits or three', () => {
  expect(toToken([...Array(1000).fill(0), 1]).length).toBeLessThanOrEqual(3 + 1 + 2 + 1 + 4);
});

test('any one letter changed, left out or doubled is noticed', () => {
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

test('what is wrong is said', () => {
  expect(problemOf('')).toBe('a token starts with t1-');
  expect(problemOf('t2-AAAA')).toBe('version 2 of the token format is not known');
  expect(problemOf('t1-AAA')).toBe('the token is cut short');
  expect(problemOf('t1-BAAAA')).toMatch(/check digits/);
});

test('a few letters never ask for much memory', () => {
  // 0, then a run of 2^30: written by hand, because toToken refuses such a list.
  const body = 't1-Aggggggg_';
  for (const end of ['', 'A', 'B', 'gA']) {
    const forged = forge(body + end);
    expect(fromToken(forged).ok).toBe(false);
  }
  expect(() => toToken(Array(1_000_001).fill(1))).toThrow(RangeError);
});

test('any text is read or refused', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.boolean(), (text, prefixed) => {
      const reading = fromToken(prefixed ? `t1-${text}` : text);
      if (reading.ok) expect(fromToken(toToken(reading.choices))).toEqual(reading);
    }),
    { seed: SEED, numRuns: 500 },
  );
});

/** Finds the check digits of a body by asking what toToken appends: tries them all would take too long. */
function forge(body: string): string {
  let hash = 0x811c9dc5;
  for (const letter of body) hash = Math.imul(hash ^ letter.charCodeAt(0), 0x01000193);
  const folded = (hash ^ (hash >>> 24)) & 0xffffff;
  const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  return body + [0, 6, 12, 18].map((shift) => digits.charAt((folded >>> shift) & 63)).join('');
}
