import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Part, wholeSpace } from '../../../src/explore/search/part.ts';
import type { Bounds } from '../../../src/explore/search/walk.ts';
import { choosing, outcomesOf, type Program, plain } from './programs.ts';

function inParts(program: Program, bounds: Bounds, maxRuns: number): Map<string, number> {
  const sum = new Map<string, number>();
  const open: Part[] = [wholeSpace];
  for (let part = open.pop(); part; part = open.pop()) {
    const { outcomes, rest } = outcomesOf(program, bounds, part, maxRuns);
    for (const [outcome, runs] of outcomes) sum.set(outcome, (sum.get(outcome) ?? 0) + runs);
    // Parts are sent to other machines as JSON.
    open.push(...(JSON.parse(JSON.stringify(rest)) as Part[]));
  }
  return sum;
}

const runsEach = fc.integer({ min: 1, max: 12 });

test('parts reach the outcomes of the whole search, each equally often', () => {
  fc.assert(
    fc.property(plain, runsEach, (program, maxRuns) => {
      expect(inParts(program, {}, maxRuns)).toEqual(outcomesOf(program, {}, wholeSpace).outcomes);
      const some = outcomesOf(program, { preemptions: 1 }, wholeSpace).outcomes;
      expect(inParts(program, { preemptions: 1 }, maxRuns)).toEqual(some);
    }),
  );
});

// A step is awake as soon as one of its options is, so parts may reach an outcome twice.
test('parts reach the outcomes of the whole search if steps choose', () => {
  fc.assert(
    fc.property(choosing, runsEach, fc.nat(2), (program, maxRuns, deviations) => {
      const whole = outcomesOf(program, { deviations }, wholeSpace).outcomes;
      expect(new Set(inParts(program, { deviations }, maxRuns).keys())).toEqual(new Set(whole.keys()));
    }),
  );
});

test('a search continued in one part prunes as many runs as an uninterrupted one', () => {
  fc.assert(
    fc.property(plain, runsEach, (program, maxRuns) => {
      const whole = outcomesOf(program, {}, wholeSpace);
      const first = outcomesOf(program, {}, wholeSpace, maxRuns, 1);
      const rest = first.rest.map((part) => outcomesOf(program, {}, part));
      expect(rest.length).toBeLessThanOrEqual(1);
      expect(rest.reduce((sum, { pruned }) => sum + pruned, first.pruned)).toBe(whole.pruned);
    }),
  );
});
