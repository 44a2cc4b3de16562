import { readFile } from 'node:fs/promises';
import { parseDts, type Tree } from 'transplant/devicetree';
import { explore, inhabited } from 'transplant/explore';
import { defaults, type PolicyChoice } from 'transplant/migration';
import type { Suite } from './suite.ts';

const folder = new URL('../../examples/platform-facilities/', import.meta.url);

async function example(name: string): Promise<Tree> {
  return parseDts(await readFile(new URL(name, folder)), { file: name });
}

/** What a search is given, milliseconds. */
const time = 3000;

export const exploration: Suite = {
  about: 'runs of a search, from power-on to verdict, on one core (aim: 20000 a second)',
  async *run() {
    const [before, after] = [await example('before.dts'), await example('after.dts')];
    for (const policy of ['detach', 'ignore', 'reconcile'] as const satisfies readonly PolicyChoice[]) {
      const plain = {
        ...defaults,
        name: 'platform-facilities',
        description: '',
        before,
        after,
        faults: [],
        policy,
      };
      const scenario = inhabited(plain, [], ['busy']);
      const start = performance.now();
      const { runs, pruned } = explore(scenario, { goOn: () => performance.now() - start < time });
      const seconds = (performance.now() - start) / 1000;
      yield { name: `policy ${policy}`, value: (runs + pruned) / seconds, unit: 'runs/s' };
    }
  },
};
