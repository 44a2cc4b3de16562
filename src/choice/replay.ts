import type { Chooser } from './chooser.ts';

/**
 * Repeats the choices of a list. After its end it takes the first way, so a list may be cut anywhere. A number that is too
 * large for its choice means the last way: a list that was recorded on a slightly different run, or changed by a
 * shrinker, still gives a run.
 *
 * ```ts
 * const recorded = recordingChooser(randomChooser(7));
 * run(recorded);
 * run(replayChooser(pickedWays(recorded.choices))); // the same run again
 * ```
 *
 * @param choices the ways in order, each from 0
 */
export function replayChooser(choices: readonly number[]): Chooser {
  let next = 0;
  return {
    choose(count) {
      if (count <= 1) return 0;
      const choice = choices[next++] ?? 0;
      return choice < count ? choice : count - 1;
    },
  };
}
