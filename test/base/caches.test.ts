import { expect, test } from 'vitest';
import { memoize, RecentCache } from '../../src/base/index.ts';

test('a memo makes one value for each object', () => {
  let made = 0;
  const numbers = memoize((key: { readonly of: string }) => `${key.of}${++made}`);
  const [one, other] = [{ of: 'a' }, { of: 'a' }];
  expect([numbers(one), numbers(other), numbers(one)]).toEqual(['a1', 'a2', 'a1']);
});

test('a memo keeps undefined too', () => {
  let made = 0;
  const nothing = memoize((_: object): undefined => {
    made += 1;
  });
  const key = {};
  nothing(key);
  nothing(key);
  expect(made).toBe(1);
});

test('the least recently used value gives way', () => {
  const cache = new RecentCache<string>(2);
  const made: string[] = [];
  const get = (text: string) =>
    cache.get(
      (cached) => cached === text,
      () => {
        made.push(text);
        return text;
      },
    );
  for (const text of ['a', 'b', 'a', 'c', 'a', 'b']) expect(get(text)).toBe(text);
  expect(made).toEqual(['a', 'b', 'c', 'b']);
});
