import fc from 'fast-check';
import { expect, test } from 'vitest';
import { countDeviations, isSimpler, trimmed } from '../../src/explore/failures.ts';
import { shrink } from '../../src/explore/shrink.ts';

const choices = fc.array(fc.nat(9), { maxLength: 60 });

test('what matters stays, everything else goes', async () => {
  const shows = (list: readonly number[]) => list.includes(5) && list.filter((way) => way >= 3).length >= 2;
  const start = [1, 9, 0, 0, 5, 7, 2, 2, 8, 0, 4, 4];
  const { choices: shortest } = await shrink(start, (list) => ({ choices: list, shows: shows(list) }));
  expect(shortest.toSorted()).toEqual([3, 5]);
});

test('a run that shows it whatever is chosen is the plain run', async () => {
  const { choices: shortest, attempts } = await shrink([3, 1, 4], (list) => ({ choices: list, shows: true }));
  expect(shortest).toEqual([]);
  expect(attempts).toBe(1);
});

test('the result shows it, is no longer than the start, and the limit holds', async () => {
  await fc.assert(
    fc.asyncProperty(choices, fc.nat(20), async (start, threshold) => {
      const sum = (list: readonly number[]) => list.reduce((total, way) => total + way, 0);
      if (sum(start) < threshold) return;
      let runs = 0;
      const attempt = (list: readonly number[]) => {
        runs++;
        return { choices: list, shows: sum(list) >= threshold };
      };
      const { choices: shortest } = await shrink(start, attempt, 80);
      expect(sum(shortest)).toBeGreaterThanOrEqual(threshold);
      expect(isSimpler(trimmed(start), shortest)).toBe(false);
      expect(countDeviations(shortest)).toBeLessThanOrEqual(countDeviations(start));
      expect(runs).toBeLessThanOrEqual(80);
    }),
  );
});

/** Shrinks a list while `shows` is true for it. */
async function shortestOf(
  start: readonly number[],
  shows: (list: readonly number[]) => boolean,
  maxRuns?: number,
) {
  return shrink(start, (list) => ({ choices: list, shows: shows(list) }), maxRuns);
}

test('choices that depend on each other become plain together', async () => {
  const shows = (list: readonly number[]) => (list[0] ?? 0) === (list[1] ?? 0) && list[3] === 5;
  expect((await shortestOf([7, 7, 0, 5], shows)).choices).toEqual([0, 0, 0, 5]);
});

test('the end is cut off first, in steps that double', async () => {
  const tried: number[] = [];
  await shrink([1, 1, 1, 1, 1, 1, 1, 1, 1], (list) => {
    tried.push(list.length);
    return { choices: list, shows: list.length >= 4 };
  });
  expect(tried.slice(0, 4)).toEqual([0, 1, 2, 4]);
});

test('choices in the middle are taken out', async () => {
  const shows = (list: readonly number[]) => list.indexOf(9) >= 0 && list.indexOf(8) > list.indexOf(9);
  expect((await shortestOf([9, 1, 2, 3, 8], shows)).choices).toEqual([9, 8]);
});

test('a choice becomes the smallest that shows it', async () => {
  expect((await shortestOf([100], ([way = 0]) => way >= 37)).choices).toEqual([37]);
});

test('what a run made of its choices counts when that is simpler', async () => {
  const attempt = (list: readonly number[]) => ({ choices: list.slice(0, 1), shows: (list[0] ?? 0) >= 2 });
  expect((await shrink([3, 4, 5, 6], attempt)).choices).toEqual([2]);
});

test('no list is tried twice', async () => {
  const tried: string[] = [];
  await shrink([3, 3, 0, 3, 3], (list) => {
    tried.push(trimmed(list).join());
    return { choices: list, shows: false };
  });
  expect(new Set(tried).size).toBe(tried.length);
});
