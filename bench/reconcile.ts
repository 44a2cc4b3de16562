import { cells, node, string, type Tree, type TreeNode, tree } from 'transplant/devicetree';
import { collectMessages, createFirmware, decide } from 'transplant/firmware';
import { createMemory, encodeArgumentBlock, enterRtas } from 'transplant/papr';
import type { Suite } from './suite.ts';

const SMALL = 1_000;
const LARGE = 100_000;
const ROUNDS = 3;

/** One in so many nodes differs on the destination. */
const CHANGED = 100;

/** CPU time of all threads in ms: other work on the machine does not count, the garbage collector's threads do. */
function cpuTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Platform-facilities with so many leaves: PowerVM deletes each, and adds all back with their parent. */
function facilities(count: number, pool: number): Tree {
  const leaf = (_: unknown, index: number): TreeNode =>
    node(`ibm,facility-v${index}`, [
      string('compatible', 'ibm,facility'),
      string('status', 'okay'),
      cells('ibm,resource-id', index),
      cells('vendor,pool', index % CHANGED === 0 ? pool : 0),
      cells('ibm,phandle', 0x1000 + index),
    ]);
  const parent = node(
    'ibm,platform-facilities',
    [string('device_type', 'ibm,platform-facilities'), cells('ibm,phandle', 2)],
    Array.from({ length: count }, leaf),
  );
  return tree(node('', [string('compatible', 'IBM,bench'), cells('ibm,phandle', 1)], [parent]));
}

/** A firmware right after the migration, before its first reply about the changes. */
function migrated(before: Tree, after: Tree) {
  const firmware = createFirmware({ trees: [before, after] });
  const memory = createMemory(4096);
  const token = firmware.tokens.get('ibm,suspend-me') ?? 0;
  memory.write(0, encodeArgumentBlock({ token, args: [], nret: 1 }));
  const [status] = enterRtas(firmware, memory, 0).rets;
  if (status !== 0) throw new Error(`ibm,suspend-me: ${status}`);
  return firmware;
}

/** Everything a reconciler does before it answers the kernel: collect all messages of the firmware, and decide. */
export const reconcile: Suite = {
  about: `reconciling nodes that are deleted and added back, 1 % of them changed, CPU time per node (medians of ${ROUNDS})`,
  async *run() {
    const trees = [SMALL, LARGE].map((count) => ({
      count,
      before: facilities(count, 1),
      after: facilities(count, 2),
      samples: [] as number[],
    }));
    // Sizes take turns, and each sample is of as many nodes, so that neither has a quieter machine or a warmer one.
    for (let round = 0; round <= ROUNDS; round++) {
      for (const { count, before, after, samples } of trees) {
        let spent = 0;
        for (let done = 0; done < LARGE; done += count) {
          const firmware = migrated(before, after);
          const start = cpuTime();
          const collected = collectMessages(firmware);
          if (!collected.ok) throw new Error(collected.failure);
          const { deletes, adds, updates } = decide(collected.messages, before);
          spent += cpuTime() - start;
          if (deletes.length + adds.length > 0 || updates.length !== count / CHANGED)
            throw new Error(`${count} nodes: not reconciled`);
        }
        // The first round warms up.
        if (round > 0) samples.push((spent * 1e6) / LARGE);
      }
    }
    const perNode = trees.map(({ count, samples }) => ({
      count,
      value: samples.sort((a, b) => a - b)[Math.floor(samples.length / 2)] ?? Number.NaN,
    }));
    for (const { count, value } of perNode) yield { name: `${count} nodes`, value, unit: 'ns/node' };
    const [small, large] = perNode;
    yield {
      name: 'growth',
      value: (large?.value ?? Number.NaN) / (small?.value ?? Number.NaN),
      unit: '×',
      // No dearer, but for what measuring scatters.
      atMost: 1.05,
    };
  },
};
