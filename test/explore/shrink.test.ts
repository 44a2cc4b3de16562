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
