import type { Chooser } from './chooser.ts';

/** One choice of a run. */
export interface Choice {
  /** The number of ways, at least 2. */
  readonly count: number;
  /** The way that was taken, from 0. */
  readonly picked: number;
  /** The name the code gave the choice, such as `cut`. */
  readonly what: string;
}

/** A chooser that records its choices. */
export interface RecordingChooser extends Chooser {
  /** The choices so far, in order; a call with only one way is not recorded. */
  readonly choices: readonly Choice[];
}

/** Wraps a chooser and records what it chooses. */
export function recordingChooser(inner: Chooser): RecordingChooser {
  const choices: Choice[] = [];
  return {
    choices,
    choose(count, what) {
      if (count <= 1) return 0;
      const picked = inner.choose(count, what);
      choices.push({ count, picked, what });
      return picked;
    },
  };
}

/** The ways alone, as `replayChooser` and `toToken` take them. */
export function pickedWays(choices: readonly Choice[]): number[] {
  return choices.map((choice) => choice.picked);
}
