import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Part, wholeSpace } from '../../../src/explore/search/part.ts';
import type { Bounds } from '../../../src/explore/search/walk.ts';
import { choosing, outcomesOf, type Program, plain } from './programs.ts';

function inParts(program: Program, bounds: Bounds, most: number): Map<string, number> {
  const sum = new Map<string, number>();
  const open: Part[] = [wholeSpace];
  for (let part = open.pop(); part; part = open.pop()) {
    const { outcomes, rest } = outcomesOf(program, bounds, part, most);
    for (const [outcome, runs] of outcomes) sum.set(outcome, (sum.get(outcome) ?? 0) + runs);
    // As they go from one machine to another.
    open.push(...(JSON.parse(JSON.stringify(rest)) as Part[]));
  }
  return sum;
}

const runsEach = fc.integer({ min: 1, max: 12 });

test('parts come to what the whole comes to, each as often', () => {
  fc.assert(
    fc.property(plain, runsEach, (program, most) => {
      expect(inParts(program, {}, most)).toEqual(outcomesOf(program, {}, wholeSpace).outcomes);
      const some = outcomesOf(program, { preemptions: 1 }, wholeSpace).outcomes;
      expect(inParts(program, { preemptions: 1 }, most)).toEqual(some);
    }),
  );
});

// A step is awake as soon as one of its ways would be, so that parts may come to something twice.
test('parts come to what the whole comes to where steps choose', () => {
  fc.assert(
    fc.property(choosing, runsEach, fc.nat(2), (program, most, deviations) => {
      const whole = outcomesOf(program, { deviations }, wholeSpace).outcomes;
      expect(new Set(inParts(program, { deviations }, most).keys())).toEqual(new Set(whole.keys()));
    }),
  );
});

test('a rest in one part takes as many runs as it would have taken, those that are left among them', () => {
  fc.assert(
    fc.property(plain, runsEach, (program, most) => {
      const whole = outcomesOf(program, {}, wholeSpace);
      const first = outcomesOf(program, {}, wholeSpace, most, 1);
      const rest = first.rest.map((part) => outcomesOf(program, {}, part));
      expect(rest.length).toBeLessThanOrEqual(1);
      expect(rest.reduce((sum, { pruned }) => sum + pruned, first.pruned)).toBe(whole.pruned);
    }),
  );
});
