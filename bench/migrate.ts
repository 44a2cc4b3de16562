import { readFile } from 'node:fs/promises';
import { Bench } from 'tinybench';
import { RunCache } from 'transplant/base';
import { parseDts, type Tree } from 'transplant/devicetree';
import { createFirmware, reconcile } from 'transplant/firmware';
import { bootKernel } from 'transplant/kernel';
import type { Suite } from './suite.ts';

const folder = new URL('../../examples/platform-facilities/', import.meta.url);

async function example(name: string): Promise<Tree> {
  return parseDts(await readFile(new URL(name, folder)), { file: name });
}

/** One run from power-on to the end of the migration, as an explorer repeats it by the thousand. */
function run(trees: readonly [Tree, Tree], policy: 'detach' | 'ignore' | 'reconcile', cache: RunCache): void {
  const served = createFirmware({ trees, cache });
  const firmware = policy === 'reconcile' ? reconcile(served, trees[0], cache) : served;
  const kernel = bootKernel({
    tree: trees[0],
    release: '6.12',
    firmware,
    cache,
    ...(policy !== 'reconcile' && { policy }),
  });
  kernel.migrateSync(1n, []);
  kernel.closeSync();
}

export const migrate: Suite = {
  about: 'modelled migrations of platform-facilities, boot included, on one core',
  async *run() {
    const trees = [await example('before.dts'), await example('after.dts')] as const;
    const cache = new RunCache();
    const bench = new Bench({ time: 1500, warmupTime: 500 });
    for (const policy of ['detach', 'ignore', 'reconcile'] as const)
      bench.add(policy, () => run(trees, policy, cache));
    for (const { name, result } of await bench.run()) {
      if (result.state !== 'completed') throw new Error(`${name}: not measured`);
      yield { name: `policy ${name}`, value: 1000 / result.latency.p50, unit: 'runs/s' };
    }
  },
};
