import { type Chooser, pickedOf, random, recording, replay } from '../choice/index.ts';
import type { Verdict } from '../verdict/index.ts';
import { addFailures, brokenRules, type Failure, trimmed } from './failures.ts';
import { shrink } from './shrink.ts';
import { addSights } from './sights.ts';

/** What one run gave to be steered by and judged. */
export interface Tried {
  readonly verdict: Verdict;
  /** What it was seen to do: anything that no run did before makes it worth varying. */
  readonly sights: Iterable<string>;
}

/** Something that runs as a chooser says: a scenario, or one that the first choices make. */
export type Subject = (chooser: Chooser) => Tried | Promise<Tried>;

export interface FuzzOptions {
  readonly runs: number;
  /** The same seed gives the same runs on a subject that its choices determine. */
  readonly seed: number;
  readonly goOn?: (runs: number, failures: number, sights: number) => boolean;
}

export interface Fuzzed {
  readonly runs: number;
  /** Runs that showed something new, and were varied. */
  readonly kept: number;
  /** Each with the shortest run that chance found; see `shorten`. */
  readonly failures: readonly Failure[];
  readonly sights: readonly (readonly [string, number])[];
}

/** Longest list that is varied: what comes behind it is left to chance. */
const longest = 4000;

/**
 * Runs a subject by chance, and runs that showed something new again with some of their choices changed.
 */
export async function fuzz(subject: Subject, options: FuzzOptions): Promise<Fuzzed> {
  const { seed, goOn = () => true } = options;
  const failures = new Map<string, Failure>();
  const sights = new Map<string, number>();
  const corpus: (readonly number[])[] = [];
  const dice = random(seed);
  let runs = 0;
  for (; runs < options.runs && goOn(runs, failures.size, sights.size); runs++) {
    const chooser = recording(nextChooser(dice, corpus));
    const { verdict, sights: seen } = await subject(chooser);
    const choices = trimmed(pickedOf(chooser.choices));
    const known = sights.size;
    addSights(sights, seen);
    if (sights.size > known && choices.length <= longest) corpus.push(choices);
    addFailures(
      failures,
      brokenRules(verdict).map(({ rule, severity, subject: about, message }) => {
        return { rule, severity, subject: about, message, choices, runs: 1 };
      }),
    );
  }
  return { runs, kept: corpus.length, failures: [...failures.values()], sights: [...sights] };
}

/** Adds up what slices of one campaign found. */
export function addFuzzed(all: readonly Fuzzed[]): Fuzzed {
  const failures = new Map<string, Failure>();
  const sights = new Map<string, number>();
  let [runs, kept] = [0, 0];
  for (const each of all) {
    runs += each.runs;
    kept += each.kept;
    addFailures(failures, each.failures);
    addSights(sights, each.sights);
  }
  return { runs, kept, failures: [...failures.values()], sights: [...sights] };
}

/** Half of the runs are new, half are old ones with a few choices changed and the rest left to chance from somewhere on. */
function nextChooser(dice: Chooser, corpus: readonly (readonly number[])[]): Chooser {
  const chance = random(dice.choose(2 ** 31, 'seed'));
  const base = corpus[dice.choose(Math.max(1, corpus.length), 'which')];
  if (base === undefined || base.length === 0 || dice.choose(2, 'new') === 0) return chance;
  const changed = [...base];
  for (let times = 1 + dice.choose(3, 'changes'); times > 0; times--) {
    changed[dice.choose(changed.length, 'where')] = dice.choose(8, 'to what');
  }
  const kept = dice.choose(2, 'rest') === 0 ? changed.length : dice.choose(changed.length, 'from where');
  const old = replay(changed);
  let left = kept;
  return {
    choose(count, what) {
      if (count <= 1) return 0;
      return left-- > 0 ? old.choose(count, what) : chance.choose(count, what);
    },
  };
}

/**
 * The shortest run that breaks the same rule, as far as so many runs can find it.
 */
export async function shorten(failure: Failure, subject: Subject, most: number): Promise<Failure> {
  let best = failure;
  await shrink(
    failure.choices,
    async (choices) => {
      const chooser = recording(replay(choices));
      const { verdict } = await subject(chooser);
      const made = trimmed(pickedOf(chooser.choices));
      const found = brokenRules(verdict).find(({ rule }) => rule === failure.rule);
      if (found) best = { ...failure, subject: found.subject, message: found.message, choices: made };
      return { choices: made, shows: found !== undefined };
    },
    most,
  );
  return best;
}
