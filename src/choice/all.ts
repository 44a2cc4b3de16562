import { type RecordingChooser, recordingChooser } from './recording.ts';
import { replayChooser } from './replay.ts';

/**
 * Every way through, depth first: one chooser for each run, until the space is done.
 *
 * ```ts
 * for (const chooser of all()) run(chooser); // or: await run(chooser)
 * ```
 *
 * The first run is the plain one. Each next run repeats the choices of the run before it up to the last one that has
 * a way left, and takes that way; how many choices there are, and how many ways each has, is found by running. A run
 * must therefore be determined by its choices. A run that asks nothing leaves a space of one.
 *
 * @param prefix choices that stay as they are: the space below them, for one who shares the whole among workers
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
