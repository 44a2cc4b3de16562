import { readdirSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
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

/** Expects the same result of work with every cache on and with every cache off. */
async function expectSame(work: () => unknown): Promise<void> {
  setCaching(true);
  const cached = await work();
  setCaching(false);
  const uncached = await work();
  // A record of a large tree has a million values; `toEqual` takes minutes for it, and is only needed for its text.
  if (!isDeepStrictEqual(cached, uncached)) expect(cached).toEqual(uncached);
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
    await expectSame(() => migrate(scenario));
    await expectSame(() => explorePart(scenario, 12));
    await expectSame(() => fuzz(modelTarget(scenario, []), { runs: 6, seed: 1 }));
  });
});

test('caches change no result of generated scenarios', async () => {
  await expectSame(() => fuzz(generatedTarget({ release: '5.10' }, []), { runs: 12, seed: 3 }));
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
