import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { randomChooser } from '../../src/choice/index.ts';
import { cells, readDtb, sameSubtree, type Tree, type TreeNode, tree } from '../../src/devicetree/index.ts';
import { createFirmware, planStyles, type SimulatedFirmware } from '../../src/firmware/index.ts';
import { testWithCaptures } from '../support/captures.ts';
import { SEED } from '../support/trees.ts';
import { essence, rebuild, receiveAll, suspend } from './caller.ts';
import { editedTrees } from './edited-trees.ts';

/**
 * Whether a partition that applies all messages has the destination's tree. Returns only a boolean: to describe how large
 * trees differ takes minutes, because each step of shrinking repeats it.
 */
function isArrival(firmware: SimulatedFirmware, from: Tree, to: Tree): boolean {
  suspend(firmware);
  return sameSubtree(essence(rebuild(from, receiveAll(firmware))), essence(to));
}

test.each(planStyles)(
  '%s: the messages turn the source into the destination, in both directions',
  (style) => {
    fc.assert(
      fc.property(editedTrees, ({ before, after }) => {
        const firmware = createFirmware({ trees: [before, after], style, permitForbidden: true });
        return isArrival(firmware, before, after) && isArrival(firmware, after, before);
      }),
      { seed: SEED, numRuns: 60 },
    );
  },
);

test.each(planStyles)('%s: in any order and any division into calls', (style) => {
  fc.assert(
    fc.property(editedTrees, fc.nat(), ({ before, after }, seed) => {
      const chooser = randomChooser(seed);
      // The caller requires leaves before parents, so deletes keep their order.
      const kept = {
        choose: (count: number, what: string) =>
          what === 'order of deletes' ? 0 : chooser.choose(count, what),
      };
      const firmware = createFirmware({
        trees: [before, after],
        style,
        permitForbidden: true,
        chooser: kept,
      });
      return isArrival(firmware, before, after);
    }),
    { seed: SEED, numRuns: 40 },
  );
});

test.each(planStyles)('%s: between equal trees nothing is updated', (style) => {
  fc.assert(
    fc.property(editedTrees, ({ before }) => {
      const firmware = createFirmware({ trees: [before, before], style });
      suspend(firmware);
      expect(firmware.plan()?.updates).toEqual([]);
      if (style === 'properties')
        expect(receiveAll(firmware)).toEqual({ deletes: [], updates: [], adds: [] });
    }),
    { seed: SEED, numRuns: 20 },
  );
});

testWithCaptures(
  'a POWER7 partition of 192 nodes: one cache that differs has all of them replaced',
  (folder) => {
    const before = readDtb(new Uint8Array(readFileSync(join(folder, 'p7-9179MHB-cpus-derived.dtb'))));
    let changed = 0;
    const edit = (node: TreeNode): TreeNode => {
      const isCache = node.name.startsWith('l3-cache@') && changed++ === 0;
      const properties = node.properties.map((each) =>
        isCache && each.name === 'd-cache-size' ? cells(each.name, 1) : each,
      );
      return { ...node, properties, children: node.children.map(edit) };
    };
    const after = tree(edit(before.root));
    const firmware = createFirmware({ trees: [before, after] });
    suspend(firmware);
    const received = receiveAll(firmware);
    expect([received.deletes.length, received.updates.length, received.adds.length]).toEqual([128, 0, 128]);
    expect(essence(rebuild(before, received))).toEqual(essence(after));
  },
);
