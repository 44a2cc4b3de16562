import { RunCache } from '../base/index.ts';
import { type Chooser, pickedWays, randomChooser, recordingChooser, replayChooser } from '../choice/index.ts';
import type { Verdict } from '../verdict/index.ts';
import { addCoverage } from './coverage.ts';
import { addFailures, brokenRules, brokenRulesMemo, type Failure, trimmed } from './failures.ts';
import { shrink } from './shrink.ts';

/** The result of one run of a target. */
export interface TargetResult {
  readonly verdict: Verdict;
  /** Events that occurred in the run. A run with an event that no earlier run had is added to the corpus. */
  readonly coverage: Iterable<string>;
}

/** What is fuzzed: makes one run with the choices of a chooser. */
export type FuzzTarget = (chooser: Chooser) => TargetResult | Promise<TargetResult>;

/** What fuzzing knows about earlier runs: plain data, so that another process can continue. */
export interface FuzzState {
  /** Events that occurred so far. */
  readonly coverage: readonly string[];
  /** Choices of runs with new coverage, oldest first. */
  readonly corpus: readonly (readonly number[])[];
}

/** The state before the first run. */
export const emptyFuzzState: FuzzState = { coverage: [], corpus: [] };

/** Options of `fuzz`. */
export interface FuzzOptions {
  readonly runs: number;
  /** Seed of the first run; each further run has the next number. Equal seeds give equal runs if choices determine a run. */
  readonly seed: number;
  /** The state after earlier runs; absent: there were none. */
  readonly state?: FuzzState;
  /** Called before each run, with the number of runs so far. Fuzzing stops when it returns false. */
  readonly shouldContinue?: (runs: number) => boolean;
}

/** The result of fuzzing. Results of slices can be added: `addFuzzResults`. */
export interface FuzzResult {
  readonly runs: number;
  /** Runs with new coverage, which were added to the corpus. */
  readonly kept: number;
  /** Each with its shortest run so far; `shrinkFailure` minimises it. */
  readonly failures: readonly Failure[];
  readonly coverage: readonly (readonly [string, number])[];
}

/** A result, and the state with which fuzzing continues. */
export interface FuzzContinuation {
  readonly result: FuzzResult;
  readonly state: FuzzState;
}

/** Runs in the corpus. The oldest is dropped: newer runs reach further. */
const MAX_CORPUS_SIZE = 500;

/** Choices of a run in the corpus; a longer run is not added. */
const MAX_VARIED_LENGTH = 4000;

/**
 * Makes runs with random choices; a run with new coverage is repeated with some choices changed. Several calls that each
 * continue with the state of the previous one make the same runs as one call.
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

/** Adds the results of slices of one campaign. */
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

/** Half of the runs are new. The others repeat a run of the corpus with one to three choices changed, half of them only up to a point. */
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

/** Minimises the run of a failure with at most so many runs: the result breaks the same rule. */
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
