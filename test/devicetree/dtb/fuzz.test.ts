import fc from 'fast-check';
import { expect, test } from 'vitest';
import { InputError } from '../../../src/base/index.ts';
import { readDtb, sameTree, type TreeNode, writeDtb } from '../../../src/devicetree/index.ts';
import { begin, blob, concat, end, finish, nop, prop, text, words } from '../../support/blobs.ts';
import { FUZZ_COUNT, mutants } from '../../support/mutate.ts';
import { SEED, trees } from '../../support/trees.ts';

const old = concat(
  begin('/'),
  prop(0, words(1, 2), 4),
  begin('/cpus'),
  begin('/cpus/cpu@0'),
  prop(4, text('cpu\0')),
  end(),
  end(),
  end(),
  finish(),
);

const originals = [
  ...fc.sample(trees({ names: 'latin1' }), { seed: SEED, numRuns: 20 }).map((tree) => writeDtb(tree)),
  ...fc.sample(trees(), { seed: SEED, numRuns: 5 }).map((tree) => writeDtb(tree, { version: 16 })),
  ...[1, 2, 3].map((version) => blob({ version, structure: old, strings: text('reg\0name\0') })),
  blob({
    structure: concat(
      begin(''),
      nop(),
      begin('a'),
      end(),
      prop(1, text('late')),
      nop(),
      end(),
      nop(),
      finish(),
    ),
    strings: text('xreg\0unused\0'),
    reservations: [[1n, 2n]],
    order: ['strings', 'structure', 'reservations'],
    gap: 3,
    trailing: text('trailing'),
  }),
];

/** How many nodes, and how many characters and bytes in all names and values. */
function measure(root: TreeNode): { nodes: number; properties: number; bytes: number } {
  let nodes = 0;
  let properties = 0;
  let bytes = 0;
  const waiting = [root];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    nodes += 1;
    bytes += node.name.length;
    properties += node.properties.length;
    for (const { value } of node.properties) bytes += value.length;
    waiting.push(...node.children);
  }
  return { nodes, properties, bytes };
}

test(`${FUZZ_COUNT} mutated blobs: read, or rejected with the place; never more nodes than fit the blob`, {
  timeout: 600_000,
}, () => {
  let read = 0;
  for (const { bytes, history } of mutants(originals, FUZZ_COUNT, SEED)) {
    try {
      const dtb = readDtb(bytes);
      read += 1;
      const { nodes, properties, bytes: size } = measure(dtb.root);
      expect(nodes * 8 + properties * 12, history).toBeLessThanOrEqual(bytes.length);
      expect(size, history).toBeLessThanOrEqual(bytes.length);
      expect(dtb.reservations.length * 16, history).toBeLessThan(bytes.length);
      const repacked = writeDtb(dtb, { repack: true });
      expect(sameTree(readDtb(repacked), dtb), history).toBe(true);
      if (dtb.version >= 16) expect(Buffer.compare(writeDtb(dtb), bytes), history).toBe(0);
    } catch (error) {
      if (!(error instanceof InputError)) throw new Error(history, { cause: error });
      expect(error.where.offset, history).toBeGreaterThanOrEqual(0);
      expect(error.where.offset, history).toBeLessThanOrEqual(bytes.length);
    }
  }
  // Both ways must be walked, or the mutations are too coarse or too fine.
  expect(read).toBeGreaterThan(FUZZ_COUNT / 20);
  expect(read).toBeLessThan(FUZZ_COUNT * 0.95);
});
