import type { Chooser } from './chooser.ts';

/**
 * Makes the choices of a list again, one after another; beyond its end the first way, so that a list may be cut
 * short anywhere. A number that is too large for its choice counts as the last way: a list that was recorded on a
 * slightly different run, or changed by a shrinker, still leads somewhere.
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
