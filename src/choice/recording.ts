import type { Chooser } from './chooser.ts';

/** A choice that was made. */
export interface Choice {
  /** How many ways there were, at least 2. */
  readonly count: number;
  /** The way that was taken, from 0. */
  readonly picked: number;
  /** The name the code gave the choice, such as `cut`. */
  readonly what: string;
}

export interface RecordingChooser extends Chooser {
  /** What was chosen so far, in order; what had only one way is no choice and not in it. */
  readonly choices: readonly Choice[];
}

/** Lets another chooser choose, and keeps what it chose. */
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

/** The bare list that `replay` and `toToken` take. */
export function pickedWays(choices: readonly Choice[]): number[] {
  return choices.map((choice) => choice.picked);
}
