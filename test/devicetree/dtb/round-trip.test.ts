import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readDtb, sameTree, type Tree, type TreeNode, writeDtb } from '../../../src/devicetree/index.ts';
import { testWithCaptures } from '../../support/captures.ts';
import { dtc, testWithDtc } from '../../support/dtc.ts';
import { SEED, trees } from '../../support/trees.ts';

const plain = ({ root, reservations, bootCpu }: Tree): Tree => ({ root, reservations, bootCpu });
const same = (one: Uint8Array, other: Uint8Array) => Buffer.compare(one, other) === 0;

test('1,000 trees of any shape: tree, blob, tree, blob', () => {
  fc.assert(
    fc.property(
      trees({ names: 'latin1', maxNodes: 30 }),
      fc.constantFrom(16 as const, 17 as const),
      (tree, version) => {
        const bytes = writeDtb(tree, { version });
        const dtb = readDtb(bytes);
        // From the blob without its nodes, from the nodes without the blob, and as it was.
        const repacked = writeDtb(dtb, { version, repack: true });
        return (
          sameTree(dtb, tree) &&
          same(repacked, bytes) &&
          same(writeDtb(plain(dtb), { version }), bytes) &&
          same(writeDtb(dtb), bytes)
        );
      },
    ),
    { seed: SEED, numRuns: 1000 },
  );
});

// dtc checks what it reads: --force lets it write what it calls wrong.
const FROM_BLOB = ['-I', 'dtb', '-O', 'dtb', '--force'];

testWithDtc("dtc's layout is ours: its own blobs, and ours repacked by it", () => {
  fc.assert(
    fc.property(trees({ names: 'latin1', maxNodes: 30 }), (tree) => {
      const bytes = writeDtb(tree);
      const theirs = dtc(bytes, ...FROM_BLOB);
      return same(theirs, bytes) && same(writeDtb(readDtb(theirs), { repack: true }), theirs);
    }),
    { seed: SEED, numRuns: 100 },
  );
});

const LONG_OPTIONS: Readonly<Record<string, string>> = {
  version: '--out-version',
  reserve: '--reserve',
  space: '--space',
  pad: '--pad',
  align: '--align',
};

testWithDtc('padding, space, alignment, spare reservations and version 16 are as in dtc', () => {
  const size = fc.nat({ max: 3000 });
  const options = fc.oneof(
    fc.record({ space: size }),
    fc.record({ pad: size }),
    fc.record({ align: fc.constantFrom(1, 4, 64, 1024), pad: size }),
    fc.record({ align: fc.constantFrom(8, 512), space: size }),
    fc.record({ version: fc.constantFrom(16 as const, 17 as const), reserve: fc.nat(3) }),
  );
  fc.assert(
    fc.property(trees(), options, (tree, asked) => {
      const theirs = Object.entries(asked).flatMap(([name, value]) => [LONG_OPTIONS[name] ?? '', `${value}`]);
      return same(writeDtb(tree, asked), dtc(writeDtb(tree), ...FROM_BLOB, ...theirs));
    }),
    { seed: SEED, numRuns: 60 },
  );
});

/** Before version 16, dtc appends a property `name` to each node without one. */
function named(node: TreeNode): TreeNode {
  const has = node.properties.some(({ name }) => name === 'name');
  const value = new Uint8Array(Buffer.from(`${node.name.split('@')[0]}\0`, 'latin1'));
  return {
    name: node.name,
    properties: has ? node.properties : [...node.properties, { name: 'name', value }],
    children: node.children.map(named),
  };
}

// For a name that starts with its unit address dtc 1.6.1 writes a blob that cannot be read.
const hasBareUnit = (node: TreeNode): boolean => node.name.startsWith('@') || node.children.some(hasBareUnit);

testWithDtc("dtc's blobs of versions 1, 2 and 3 are read", () => {
  fc.assert(
    fc.property(trees({ names: 'latin1' }), fc.constantFrom(1, 2, 3), (tree, version) => {
      fc.pre(!hasBareUnit(tree.root));
      const dtb = readDtb(dtc(writeDtb(tree), ...FROM_BLOB, '-V', `${version}`));
      const expected = { ...tree, root: named(tree.root), bootCpu: version === 1 ? 0 : tree.bootCpu };
      return dtb.version === version && sameTree(dtb, expected) && sameTree(readDtb(writeDtb(dtb)), expected);
    }),
    { seed: SEED, numRuns: 60 },
  );
});

testWithCaptures('captured blobs come back byte for byte', (folder) => {
  const files = readdirSync(folder).filter((name) => name.endsWith('.dtb'));
  expect(files.length).toBeGreaterThan(0);
  for (const file of files) {
    const bytes = new Uint8Array(readFileSync(join(folder, file)));
    const dtb = readDtb(bytes, { file });
    expect(same(writeDtb(dtb), bytes), file).toBe(true);
    expect(same(writeDtb({ ...dtb }), bytes), file).toBe(true);
    expect(sameTree(readDtb(writeDtb(plain(dtb))), dtb), file).toBe(true);
  }
});

testWithCaptures("captured blobs, repacked, are dtc's", (folder) => {
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.dtb'))) {
    const bytes = new Uint8Array(readFileSync(join(folder, file)));
    expect(same(writeDtb(readDtb(bytes), { repack: true }), dtc(bytes, ...FROM_BLOB)), file).toBe(true);
  }
});
