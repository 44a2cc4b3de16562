import { readdirSync } from 'node:fs';
import { afterEach, describe, expect, test } from 'vitest';
import { RunCache, setCaching } from '../../src/base/index.ts';
import { firstChooser } from '../../src/choice/index.ts';
import { withClientsAndFaults } from '../../src/explore/client-groups.ts';
import { explorePart } from '../../src/explore/explore.ts';
import { fuzz } from '../../src/explore/fuzz.ts';
import { generatedTarget, modelTarget } from '../../src/explore/fuzz-target.ts';
import { migrate, type PolicyChoice, play } from '../../src/migration/index.ts';
import { example } from './scenarios.ts';

afterEach(() => setCaching(true));

/** The result of work with every cache on, and with every cache off. */
async function bothWays<T>(work: () => T | Promise<T>): Promise<readonly [T, T]> {
  setCaching(true);
  const cached = await work();
  setCaching(false);
  return [cached, await work()];
}

const examples = readdirSync(new URL('../../examples', import.meta.url), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);

const policies: readonly PolicyChoice[] = ['detach', 'reconcile', 'attach-subtree'];

describe.each(examples)('caches change no result of %s', (name) => {
  test.each(policies)('under %s', async (policy) => {
    const scenario = withClientsAndFaults(
      await example(name, policy),
      ['readers', 'requests'],
      ['busy', 'lost-add'],
    );
    const [run, runUncached] = await bothWays(() => migrate(scenario));
    expect(run).toEqual(runUncached);
    const [search, searchUncached] = await bothWays(() => explorePart(scenario, 12));
    expect(search).toEqual(searchUncached);
    const [found, foundUncached] = await bothWays(() =>
      fuzz(modelTarget(scenario, []), { runs: 6, seed: 1 }),
    );
    expect(found).toEqual(foundUncached);
  });
});

test('caches change no result of generated scenarios', async () => {
  const [found, uncached] = await bothWays(() =>
    fuzz(generatedTarget({ release: '5.10' }, []), { runs: 12, seed: 3 }),
  );
  expect(found).toEqual(uncached);
});

test('runs that share a cache share their start and their verdict; with caching off they share nothing', async () => {
  const scenario = await example('platform-facilities', 'detach');
  const cache = new RunCache();
  const once = () => play(scenario, { chooser: firstChooser, cache });
  const [one, other] = [once(), once()];
  expect(other.evidence.before).toBe(one.evidence.before);
  expect(other.verdict).toBe(one.verdict);
  setCaching(false);
  const uncached = once();
  expect(uncached.evidence.before).not.toBe(one.evidence.before);
  expect(uncached.verdict).not.toBe(one.verdict);
  expect(uncached).toEqual(one);
});
