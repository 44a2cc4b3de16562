import { describe, expect, test } from 'vitest';
import {
  attachPhandle,
  bootPhandle,
  bytes,
  cells,
  findByPhandle,
  identityDifferences,
  indexByPhandle,
  node,
  type Property,
  string,
  strings,
  tree,
} from '../../src/devicetree/index.ts';

describe('a node has the phandle', () => {
  const own = cells('phandle', 1);
  const old = cells('linux,phandle', 2);
  const firmware = cells('ibm,phandle', 0xfffffff5);
  const short = bytes('phandle', [1, 2, 3]);
  const cases: [string, Property[], boot: number, attach: number][] = [
    ['none', [], 0, 0],
    ['phandle', [own], 1, 1],
    ['linux,phandle', [old], 2, 2],
    ['ibm,phandle', [firmware], 0xfffffff5, 0xfffffff5],
    ['linux,phandle, then phandle', [old, own], 2, 1],
    ['phandle, then ibm,phandle', [own, firmware], 0xfffffff5, 1],
    ['ibm,phandle, then phandle', [firmware, own], 0xfffffff5, 1],
    ['ibm,phandle, then linux,phandle', [firmware, old], 0xfffffff5, 2],
    ['a phandle of three bytes, then linux,phandle', [short, old], 2, 0],
    ['a phandle of three bytes, then ibm,phandle', [short, firmware], 0xfffffff5, 0],
    ['a phandle of 0, then linux,phandle', [cells('phandle', 0), old], 2, 0],
    ['a phandle of two cells', [cells('phandle', 3, 4)], 3, 3],
  ];
  test.each(cases)('%s: as at boot, as when attached', (_, properties, boot, attach) => {
    expect(bootPhandle(node('n', properties))).toBe(boot);
    expect(attachPhandle(node('n', properties))).toBe(attach);
  });
});

test('an index has every node of a phandle, and finds the first', () => {
  const caches = [2, 1, 2].map((phandle, number) => node(`c@${number}`, [cells('ibm,phandle', phandle)]));
  const index = indexByPhandle(tree(node('', [], [node('cpus', [], caches), node('none')])));
  expect(index.nodes.size).toBe(2);
  expect(index.nodes.get(2)?.map(({ path }) => path)).toEqual(['/cpus/c@0', '/cpus/c@2']);
  expect(index.duplicates).toEqual([2]);
  expect(findByPhandle(index, 2)).toEqual({ path: '/cpus/c@0', node: caches[0] });
  expect(findByPhandle(index, 0)).toBeUndefined();
});

test('an index uses the given reader of phandles', () => {
  const both = node('n', [cells('phandle', 1), cells('ibm,phandle', 2)]);
  const one = tree(node('', [], [both]));
  expect(Array.from(indexByPhandle(one).nodes.keys())).toEqual([2]);
  expect(Array.from(indexByPhandle(one, attachPhandle).nodes.keys())).toEqual([1]);
});

test('a node is another one if its name, unit address, device_type or compatible is another', () => {
  const cpu = node('cpu@0', [string('device_type', 'cpu'), strings('compatible', 'a', 'b'), cells('reg', 0)]);
  const other = (name: string, ...properties: Property[]) => identityDifferences(cpu, node(name, properties));
  const [type, compatible] = [string('device_type', 'cpu'), strings('compatible', 'a', 'b')];
  expect(other('cpu@0', compatible, type, cells('reg', 1))).toEqual([]);
  expect(other('cpu@8', type, compatible)).toEqual(['unit-address']);
  expect(other('core@0', type, compatible)).toEqual(['name']);
  expect(other('cpu@0', compatible)).toEqual(['device_type']);
  expect(other('cpu@0', type, strings('compatible', 'a'))).toEqual(['compatible']);
});
