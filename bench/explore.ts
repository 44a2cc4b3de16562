import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { parseDts, type Tree } from 'transplant/devicetree';
import {
  campaign,
  conformKind,
  type ExploreSpec,
  explore,
  exploreKind,
  LocalExecutor,
  packScenario,
  withClientsAndFaults,
} from 'transplant/explore';
import { type PolicyChoice, scenarioDefaults } from 'transplant/migration';
import type { Figure, Missing, Suite } from './suite.ts';

const folder = new URL('../../examples/platform-facilities/', import.meta.url);

async function example(name: string): Promise<Tree> {
  return parseDts(await readFile(new URL(name, folder)), { file: name });
}

/** What a search is given, milliseconds. */
const SEARCH_TIME_MS = 3000;

export const exploration: Suite = {
  about: 'runs of a search, from power-on to verdict, on one core (aim: 20000 a second)',
  async *run() {
    const [before, after] = [await example('before.dts'), await example('after.dts')];
    for (const policy of ['detach', 'ignore', 'reconcile'] as const satisfies readonly PolicyChoice[]) {
      const plain = {
        ...scenarioDefaults,
        name: 'platform-facilities',
        description: '',
        before,
        after,
        faults: [],
        policy,
      };
      const scenario = withClientsAndFaults(plain, [], ['busy']);
      const start = performance.now();
      const { runs, pruned } = explore(scenario, {
        shouldContinue: () => performance.now() - start < SEARCH_TIME_MS,
      });
      const seconds = (performance.now() - start) / 1000;
      yield { name: `policy ${policy}`, value: (runs + pruned) / seconds, unit: 'runs/s' };
    }
    yield* sideBySide(before, after);
  },
};

/** How much faster two threads are than one, and two guests than one. */
async function* sideBySide(before: Tree, after: Tree): AsyncGenerator<Figure | Missing> {
  const scenario = {
    ...scenarioDefaults,
    name: 'platform-facilities',
    description: '',
    before,
    after,
    faults: [],
  };
  // The longest search of this example: each thread compiles the code for itself, which is most of a short one.
  const withReaders = withClientsAndFaults({ ...scenario, policy: 'attach-subtree' }, ['readers'], ['busy']);
  const spec: ExploreSpec = {
    kind: 'explore',
    scenario: packScenario(withReaders),
    bounds: { deviations: 1 },
    allowed: [],
  };
  const search = (executor: LocalExecutor) => campaign(exploreKind, spec, executor, watching);
  const [thread, threads] = await both(search);
  yield { name: 'two threads by one', value: thread / threads, unit: '×', atLeast: 1.7 };
  if (spawnSync('which', ['qemu-system-ppc64']).status !== 0) {
    yield { name: 'real kernel', missing: 'no qemu-system-ppc64' };
    return;
  }
  const runs = 40;
  const kernel = { kernel: 'debian:6.1' };
  const conform = (executor: LocalExecutor) =>
    campaign(conformKind, { kind: 'conform', kernel, release: '6.1', runs, seed: 1 }, executor, watching);
  const [one, two] = await both(conform);
  yield { name: 'conform debian:6.1, one guest', value: runs / one, unit: 'runs/s' };
  yield { name: 'conform debian:6.1, two guests by one', value: one / two, unit: '×', atLeast: 1.7 };
}

const watching = { signal: new AbortController().signal };

/** Seconds with one and with two: in turn and the best of each, as a machine may be slow for a while. */
async function both(work: (executor: LocalExecutor) => Promise<unknown>): Promise<readonly [number, number]> {
  const best: [number, number] = [Infinity, Infinity];
  for (let turn = 0; turn < 2; turn++) {
    for (const which of [0, 1] as const) {
      const executor = new LocalExecutor(which + 1);
      const start = performance.now();
      await work(executor);
      best[which] = Math.min(best[which], (performance.now() - start) / 1000);
      await executor.close();
    }
  }
  return best;
}
