import { type RecordingChooser, recordingChooser } from './recording.ts';
import { replayChooser } from './replay.ts';

/**
 * Enumerates all runs, depth first: yields one chooser for each run, until the space is exhausted.
 *
 * ```ts
 * for (const chooser of allChoosers()) run(chooser); // or: await run(chooser)
 * ```
 *
 * The first run is the plain one. Each further run repeats the choices of the previous run up to the last choice that
 * has another way, and takes that way. The number of choices and of ways is found by running, so a run must be determined
 * by its choices. A run without choices is a space of one.
 *
 * @param prefix choices that stay fixed; the space below them can be given to one of several workers
 */
export function* allChoosers(prefix: readonly number[] = []): Generator<RecordingChooser, void, undefined> {
  let path: readonly number[] = prefix;
  for (;;) {
    const run = recordingChooser(replayChooser(path));
    yield run;
    const next = successor(run, prefix.length);
    if (next === undefined) return;
    path = next;
  }
}

function successor({ choices }: RecordingChooser, fixed: number): number[] | undefined {
  for (let last = choices.length - 1; last >= fixed; last--) {
    const choice = choices[last];
    if (choice !== undefined && choice.picked + 1 < choice.count) {
      const path = choices.slice(0, last).map((earlier) => earlier.picked);
      path.push(choice.picked + 1);
      return path;
    }
  }
  return undefined;
}
