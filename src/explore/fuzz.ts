import { RunCache } from '../base/index.ts';
import { type Chooser, pickedWays, randomChooser, recordingChooser, replayChooser } from '../choice/index.ts';
import type { Verdict } from '../verdict/index.ts';
import { addCoverage } from './coverage.ts';
import { addFailures, brokenRules, brokenRulesMemo, type Failure, trimmed } from './failures.ts';
import { shrink } from './shrink.ts';

/** What one run gave to be steered by and judged. */
export interface TargetResult {
  readonly verdict: Verdict;
  /** What it was seen to do: anything that no run did before makes it worth varying. */
  readonly coverage: Iterable<string>;
}

/** Something that runs as a chooser says: a scenario, or one that the first choices make. */
export type FuzzTarget = (chooser: Chooser) => TargetResult | Promise<TargetResult>;

/** What is known of earlier runs, plain data. */
export interface FuzzState {
  readonly coverage: readonly string[];
  /** Runs that showed something new, the oldest first. */
  readonly corpus: readonly (readonly number[])[];
}

export const emptyFuzzState: FuzzState = { coverage: [], corpus: [] };

export interface FuzzOptions {
  readonly runs: number;
  /**
   * Of the first run; each next one has the next number. The same seed gives the same runs on a subject that its choices
   * determine.
   */
  readonly seed: number;
  readonly state?: FuzzState;
  /** Asked before each run, with the runs so far. @returns whether to go on */
  readonly shouldContinue?: (runs: number) => boolean;
}

export interface FuzzResult {
  readonly runs: number;
  /** Runs that showed something new, and were varied. */
  readonly kept: number;
  /** Each with the shortest run that chance found; see `shorten`. */
  readonly failures: readonly Failure[];
  readonly coverage: readonly (readonly [string, number])[];
}

/** Fuzzed, and what the runs after these are to know. */
export interface FuzzContinuation {
  readonly result: FuzzResult;
  readonly state: FuzzState;
}

/** Runs that are varied at most: of more, the newest, which go the farthest. */
const MAX_CORPUS_SIZE = 500;

/** Longest list that is varied: what comes behind it is left to chance. */
const MAX_VARIED_LENGTH = 4000;

/**
 * Runs a subject by chance, and runs that showed something new again with some of their choices changed. Runs in several
 * calls, each with the memory of the one before, are those of one call.
 */
export async function fuzz(subject: FuzzTarget, options: FuzzOptions): Promise<FuzzContinuation> {
  const { seed, state = emptyFuzzState, shouldContinue = () => true } = options;
  const cache = new RunCache();
  const failures = new Map<string, Failure>();
  const coverage = new Map<string, number>();
  const known = new Set(state.coverage);
  const corpus = [...state.corpus];
  let [runs, kept] = [0, 0];
  for (; runs < options.runs && shouldContinue(runs); runs++) {
    const chooser = recordingChooser(nextChooser(randomChooser(seed + runs), corpus));
    const { verdict, coverage: all } = await subject(chooser);
    const seen = [...all];
    const choices = trimmed(pickedWays(chooser.choices));
    const before = known.size;
    for (const entry of seen) known.add(entry);
    addCoverage(coverage, seen);
    if (known.size > before && choices.length <= MAX_VARIED_LENGTH) {
      kept++;
      corpus.push(choices);
      if (corpus.length > MAX_CORPUS_SIZE) corpus.shift();
    }
    addFailures(
      failures,
      cache.get(brokenRulesMemo, verdict).map(({ rule, severity, subject: about, message }) => {
        return { rule, severity, subject: about, message, choices, runs: 1 };
      }),
    );
  }
  const result = { runs, kept, failures: [...failures.values()], coverage: [...coverage] };
  return { result, state: { coverage: [...known], corpus } };
}

/** Adds up what slices of one campaign found. */
export function addFuzzResults(all: readonly FuzzResult[]): FuzzResult {
  const failures = new Map<string, Failure>();
  const coverage = new Map<string, number>();
  let [runs, kept] = [0, 0];
  for (const each of all) {
    runs += each.runs;
    kept += each.kept;
    addFailures(failures, each.failures);
    addCoverage(coverage, each.coverage);
  }
  return { runs, kept, failures: [...failures.values()], coverage: [...coverage] };
}

/** Half of the runs are new, half are old ones with a few choices changed and the rest left to chance from somewhere on. */
function nextChooser(dice: Chooser, corpus: readonly (readonly number[])[]): Chooser {
  const chance = randomChooser(dice.choose(2 ** 31, 'seed'));
  const base = corpus[dice.choose(Math.max(1, corpus.length), 'which')];
  if (base === undefined || base.length === 0 || dice.choose(2, 'new') === 0) return chance;
  const changed = [...base];
  for (let times = 1 + dice.choose(3, 'changes'); times > 0; times--) {
    changed[dice.choose(changed.length, 'where')] = dice.choose(8, 'to what');
  }
  const kept = dice.choose(2, 'rest') === 0 ? changed.length : dice.choose(changed.length, 'from where');
  const old = replayChooser(changed);
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
export async function shrinkFailure(failure: Failure, subject: FuzzTarget, most: number): Promise<Failure> {
  let best = failure;
  await shrink(
    failure.choices,
    async (choices) => {
      const chooser = recordingChooser(replayChooser(choices));
      const { verdict } = await subject(chooser);
      const made = trimmed(pickedWays(chooser.choices));
      const found = brokenRules(verdict).find(({ rule }) => rule === failure.rule);
      if (found) best = { ...failure, subject: found.subject, message: found.message, choices: made };
      return { choices: made, shows: found !== undefined };
    },
    most,
  );
  return best;
}
