import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  allChoosers,
  type Chooser,
  firstChooser,
  pickedWays,
  randomChooser,
  recordingChooser,
  replayChooser,
} from '../../src/choice/index.ts';
import { SEED } from '../support/trees.ts';

/** A run with choices of these many ways. */
const walk = (chooser: Chooser, counts: readonly number[]) =>
  counts.map((count) => chooser.choose(count, 'way'));

test('the first chooser always takes the plain way', () => {
  expect(walk(firstChooser, [1, 2, 100])).toEqual([0, 0, 0]);
});

test('replay repeats a list, then takes the plain way', () => {
  expect(walk(replayChooser([1, 0, 2]), [2, 3, 4, 5])).toEqual([1, 0, 2, 0]);
});

test('replay: one way is no choice, a number that is too large is the last way', () => {
  expect(walk(replayChooser([7, 1]), [1, 3, 1, 2])).toEqual([0, 2, 0, 1]);
  expect(walk(replayChooser([3, 2]), [3, 3])).toEqual([2, 2]);
});

test('random: a seed gives the same choices in every version', () => {
  expect(walk(randomChooser(1), Array(12).fill(10))).toEqual([4, 4, 3, 4, 4, 3, 6, 9, 1, 1, 6, 1]);
  expect(walk(randomChooser(2 ** 53 - 1), Array(12).fill(10))).toEqual([7, 6, 7, 0, 4, 3, 2, 1, 5, 8, 6, 7]);
});

test('random: all ways occur equally often, and one way uses no random number', () => {
  const chooser = randomChooser(7);
  const seen = [0, 0, 0, 0, 0];
  for (let time = 0; time < 10_000; time++) {
    const way = chooser.choose(5, 'way');
    seen[way] = (seen[way] ?? 0) + 1;
  }
  expect(seen.length).toBe(5);
  for (const count of seen) expect(Math.abs(count - 2000)).toBeLessThan(200);
  expect(walk(randomChooser(3), [1, 1, 9, 9])).toEqual([0, 0, ...walk(randomChooser(3), [9, 9])]);
});

test('random: seeds that differ only above 32 bits differ', () => {
  const counts = Array(8).fill(1000);
  expect(walk(randomChooser(5), counts)).not.toEqual(walk(randomChooser(5 + 2 ** 32), counts));
});

test('a recording has the choices by name, and replays', () => {
  const tape = recordingChooser(randomChooser(11));
  const counts = [3, 1, 2, 9];
  const ways = walk(tape, counts);
  expect(tape.choices.map(({ count, what }) => [count, what])).toEqual([
    [3, 'way'],
    [2, 'way'],
    [9, 'way'],
  ]);
  expect(walk(replayChooser(pickedWays(tape.choices)), counts)).toEqual(ways);
});

test('all: every combination once, the plain run first', () => {
  const runs = Array.from(allChoosers(), (chooser) => walk(chooser, [2, 1, 3]).join(''));
  expect(runs).toEqual(['000', '001', '002', '100', '101', '102']);
});

test('all: choices that depend on choices', () => {
  const runs = Array.from(allChoosers(), (chooser) => {
    const ways = chooser.choose(3, 'how many');
    return [ways, ...walk(chooser, Array(ways).fill(2))].join('');
  });
  expect(runs).toEqual(['0', '10', '11', '200', '201', '210', '211']);
});

test('all: a run without choices is a space of one', () => {
  expect(Array.from(allChoosers(), (chooser) => chooser.choose(1, 'way'))).toEqual([0]);
});

test('all: below a prefix only later choices vary; all prefixes together are the whole space', () => {
  const below = (way: number) =>
    Array.from(allChoosers([way]), (chooser) => walk(chooser, [3, 2, 2]).join(''));
  expect(below(1)).toEqual(['100', '101', '110', '111']);
  const whole = Array.from(allChoosers(), (chooser) => walk(chooser, [3, 2, 2]).join(''));
  expect([0, 1, 2].flatMap(below)).toEqual(whole);
});

test('all: the number of runs is the product of the counts, without duplicates', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 5 }), (counts) => {
      const runs = Array.from(allChoosers(), (chooser) => walk(chooser, counts).join());
      expect(runs.length).toBe(counts.reduce((product, count) => product * count, 1));
      expect(new Set(runs).size).toBe(runs.length);
    }),
    { seed: SEED },
  );
});
