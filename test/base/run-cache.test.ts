import { afterEach, describe, expect, test } from 'vitest';
import { defineMemo, RecentCache, RunCache, StringTable, setCaching } from '../../src/base/index.ts';

afterEach(() => setCaching(true));

/** Counts how often each value is made. */
function counting() {
  const made: string[] = [];
  const make = (text: string) => {
    made.push(text);
    return { text };
  };
  return { made, make };
}

describe('a cache of runs', () => {
  const { made, make } = counting();
  const upper = defineMemo(({ text }: { readonly text: string }) => make(text.toUpperCase()));
  const length = defineMemo(({ text }: { readonly text: string }) => text.length);

  test('makes the value of an object once, and each memo has its own', () => {
    const cache = new RunCache();
    const key = { text: 'node' };
    expect(cache.get(upper, key)).toBe(cache.get(upper, key));
    expect(cache.get(length, key)).toBe(4);
    expect(cache.get(upper, { text: 'node' })).not.toBe(cache.get(upper, key));
    expect(made).toEqual(['NODE', 'NODE']);
  });

  test('shares nothing with another', () => {
    const key = { text: 'other' };
    expect(new RunCache().get(upper, key)).not.toBe(new RunCache().get(upper, key));
  });

  test('holds undefined like any other value', () => {
    let times = 0;
    const nothing = defineMemo((_: object) => {
      times++;
      return undefined;
    });
    const cache = new RunCache();
    const key = {};
    expect(cache.get(nothing, key)).toBeUndefined();
    expect(cache.get(nothing, key)).toBeUndefined();
    expect(times).toBe(1);
  });

  test('makes every value again while caching is off', () => {
    const cache = new RunCache();
    const key = { text: 'off' };
    const held = cache.get(upper, key);
    setCaching(false);
    expect(cache.get(upper, key)).not.toBe(held);
    expect(cache.get(upper, key)).not.toBe(cache.get(upper, key));
    setCaching(true);
    expect(cache.get(upper, key)).toBe(held);
  });
});

describe('a table of strings', () => {
  test('is emptied when it is full', () => {
    const { made, make } = counting();
    const table = new StringTable(make, 2);
    for (const text of ['a', 'b', 'a', 'c', 'c', 'a']) table.get(text);
    expect(made).toEqual(['a', 'b', 'c', 'a']);
  });

  test('makes every value again while caching is off', () => {
    const { made, make } = counting();
    const table = new StringTable(make, 2);
    table.get('a');
    setCaching(false);
    table.get('a');
    expect(made).toEqual(['a', 'a']);
  });
});

describe('recent values', () => {
  const get = (
    cache: RecentCache<{ readonly text: string }>,
    text: string,
    make: (text: string) => { text: string },
  ) =>
    cache.get(
      (value) => value.text === text,
      () => make(text),
    );

  test('the value that was not used for longest is dropped', () => {
    const { made, make } = counting();
    const cache = new RecentCache<{ readonly text: string }>(2);
    for (const text of ['a', 'b', 'a', 'c', 'a', 'b']) get(cache, text, make);
    expect(made).toEqual(['a', 'b', 'c', 'b']);
  });

  test('are made again while caching is off', () => {
    const { made, make } = counting();
    const cache = new RecentCache<{ readonly text: string }>(2);
    get(cache, 'a', make);
    setCaching(false);
    get(cache, 'a', make);
    expect(made).toEqual(['a', 'a']);
  });
});
