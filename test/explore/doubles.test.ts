import { expect, test } from 'vitest';
import type { Chooser } from '../../src/choice/index.ts';
import { recordingChooser, replayChooser } from '../../src/choice/index.ts';
import { CoverageCollector } from '../../src/explore/coverage.ts';
import { brokenRules, countDeviations } from '../../src/explore/failures.ts';
import { fuzz, shrinkFailure, type TargetResult } from '../../src/explore/fuzz.ts';
import { generateScenario } from '../../src/explore/generate/scenario.ts';
import { reconcile } from '../../src/firmware/index.ts';
import { play, type Reconciler } from '../../src/migration/index.ts';
import { doubles } from './doubles.ts';

/** A run with a reconciler, before a kernel that obeys. */
function runWith(reconciler: Reconciler, chooser: Chooser): TargetResult {
  const looking = new CoverageCollector();
  const scenario = generateScenario(chooser, {
    release: '6.12',
    policy: 'reconcile',
    kernelPolicy: 'detach',
  });
  const played = play(scenario, { chooser, reconciler, listener: looking });
  return { verdict: played.verdict, coverage: looking.finish(played) };
}

/** What the reconciler that is tested breaks and the proper one does not, on the very same run. */
function compared(reconciler: Reconciler) {
  return (chooser: Chooser): TargetResult => {
    const chosen = recordingChooser(chooser);
    const tried = runWith(reconciler, chosen);
    const proper = runWith(reconcile, replayChooser(chosen.choices.map(({ picked }) => picked)));
    const excused = brokenRules(proper.verdict).map(({ rule }) => rule);
    return { ...tried, verdict: { ...tried.verdict, allowed: excused } };
  };
}

test.each(Object.entries(doubles))(
  'a reconciler that %s is found out, by a run of at most ten choices that repeats',
  async (_what, double) => {
    const subject = compared(double);
    const { result: found } = await fuzz(subject, { runs: 200, seed: 1 });
    const failures = [];
    for (const failure of found.failures) failures.push(await shrinkFailure(failure, subject, 200));
    const sizes = failures.map(({ choices }) => countDeviations(choices)).sort((one, other) => one - other);
    expect(failures).not.toEqual([]);
    expect(sizes[sizes.length >> 1]).toBeLessThanOrEqual(10);
    for (const { rule, choices } of failures) {
      const { verdict } = await subject(replayChooser(choices));
      expect(brokenRules(verdict).map((finding) => finding.rule)).toContain(rule);
    }
  },
);
