import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import {
  applyDelta,
  bootPhandle,
  cells,
  createDelta,
  diffTrees,
  findByPhandle,
  indexByPhandle,
  property,
  readDtb,
  sameTree,
  type Tree,
  type TreeNode,
  tree,
  valueDescriber,
  walk,
} from '../../src/devicetree/index.ts';
import { testWithCaptures } from '../support/captures.ts';
import { shorten } from '../support/changes.ts';
import { renumbered } from '../support/edited-trees.ts';

const POWER7 = 'p7-9179MHB-cpus-derived.dtb';
const QEMU = 'qemu72-pseries-spapr-rng.dtb';
const read = (folder: string, name: string): Tree => readDtb(readFileSync(join(folder, name)));

testWithCaptures('on a POWER7 partition every cache reference leads to a cache, by ibm,phandle', (folder) => {
  const power7 = read(folder, POWER7);
  const index = indexByPhandle(power7);
  expect(index.duplicates).toEqual([]);
  // 64 cpu, 64 l2-cache and 64 l3-cache nodes, and /cpus; the root of this capture has no phandle.
  expect(index.nodes.size).toBe(193);
  let references = 0;
  for (const { node } of walk(power7)) {
    const value = property(node, 'l2-cache')?.value;
    if (value === undefined) continue;
    references += 1;
    const phandle = new DataView(value.buffer, value.byteOffset).getUint32(0);
    expect(findByPhandle(index, phandle)?.path).toMatch(/^\/cpus\/l[23]-cache@/);
  }
  expect(references).toBe(128);
});

testWithCaptures('the connectors of real trees are described', (folder) => {
  for (const [name, at, count] of [
    [POWER7, '/cpus', 64],
    [QEMU, '/cpus', 8],
    [QEMU, '/', 31],
  ] as const) {
    const any = read(folder, name);
    const describeIn = valueDescriber(any);
    const places = Array.from(walk(any));
    const number = places.findIndex(({ path }) => path === at);
    for (const suffix of ['names', 'types', 'indexes', 'power-domains']) {
      const of = places[number] && property(places[number].node, `ibm,drc-${suffix}`);
      expect(of && describeIn(number, of)).toMatchObject({
        kind: /names|types/.test(suffix) ? 'drc-strings' : 'drc-numbers',
        text: expect.stringMatching(new RegExp(`^${count}: `)),
      });
    }
  }
});

testWithCaptures('renumbering a real tree is no difference by path', (folder) => {
  for (const name of [POWER7, QEMU]) {
    const any = read(folder, name);
    const other = renumbered(any, (phandle) => (phandle + 0x1234567) >>> 0);
    expect(Array.from(walk(other), ({ node }) => bootPhandle(node))).not.toEqual(
      Array.from(walk(any), ({ node }) => bootPhandle(node)),
    );
    expect(shorten(diffTrees(any, other, { by: 'path', order: true }))).toEqual([]);
  }
});

testWithCaptures('a replaced cache is found by phandle', (folder) => {
  const before = read(folder, POWER7);
  const replace = (node: TreeNode): TreeNode => ({
    ...node,
    name: node.name === 'l2-cache@2034' ? 'l2-cache@2099' : node.name,
    properties: node.properties.map((each) => {
      const named = node.name === 'l2-cache@2034' && (each.name === 'ibm,phandle' || each.name === 'reg');
      const refers = node.name === 'PowerPC,POWER7@d0' && each.name === 'l2-cache';
      return named || refers ? cells(each.name, 0x2099) : each;
    }),
    children: node.children.map(replace),
  });
  const after = tree(replace(before.root), before.reservations, before.bootCpu);
  expect(shorten(diffTrees(before, after, { by: 'phandle' }))).toEqual([
    '- /cpus/l2-cache@2034',
    '/cpus/PowerPC,POWER7@d0:l2-cache changed',
    '+ /cpus/l2-cache@2099',
  ]);
  expect(shorten(diffTrees(before, after, { by: 'path' }))).toEqual([
    '/cpus/l2-cache@2034 renamed /cpus/l2-cache@2099',
    '/cpus/l2-cache@2099:reg changed',
  ]);
  const recipe = createDelta(before, after);
  expect(sameTree(applyDelta(before, recipe), after)).toBe(true);
  expect(JSON.stringify(recipe).length).toBeLessThan(600);
});
