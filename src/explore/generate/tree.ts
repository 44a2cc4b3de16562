import { defineMemo, type RunCache } from '../../base/index.ts';
import type { Chooser } from '../../choice/index.ts';
import {
  cells,
  flag,
  node,
  type Property,
  string,
  type Tree,
  type TreeNode,
  tree,
} from '../../devicetree/index.ts';

/** The facilities that have drivers, with the phandles of PowerVM (observed on POWER8 to POWER10). */
const known = [
  { name: 'ibm,random-v1', compatible: 'ibm,random', phandle: 0xffff_fff5 },
  { name: 'ibm,compression-v1', compatible: 'ibm,compression', phandle: 0xffff_fff4 },
  { name: 'ibm,sym-encryption-v1', compatible: 'ibm,sym-encryption', phandle: 0xffff_fff3 },
] as const;

const facilitiesPhandle = 0xffff_fff6;
const rootPhandle = 0xffff_ffff;

/** Numbers of further facilities to choose from: mostly few, and less than 200 nodes in all. */
const more = [0, 0, 0, 0, 3, 3, 20, 100] as const;

/** Trees by their number of further facilities. A tree that is one object in many runs is planned and unflattened once. */
const treesBySize = defineMemo((_: typeof more) => new Map<number, Tree>());

/** A partition's tree: the three facilities that have drivers, and a chosen number without drivers, some with children. */
export function generateTree(chooser: Chooser, cache: RunCache): Tree {
  const count = more[chooser.choose(more.length, 'tree')] ?? 0;
  const trees = cache.get(treesBySize, more);
  const found = trees.get(count) ?? facilitiesTree(count);
  trees.set(count, found);
  return found;
}

function facilitiesTree(count: number): Tree {
  const facilities = known.map((each, at) => knownFacility(each, at + 1));
  const others = Array.from({ length: count }, (_, at) =>
    otherFacility(`vendor,unit-v${at + 1}`, 0x3000_0000 + at, at % 3 === 0 ? 2 : 0),
  );
  return tree(
    node(
      '',
      [
        string('model', 'IBM,9080-HEX'),
        string('system-id', 'IBM,020000001'),
        cells('ibm,phandle', rootPhandle),
      ],
      [
        node(
          'ibm,platform-facilities',
          [
            string('name', 'ibm,platform-facilities'),
            string('device_type', 'ibm,platform-facilities'),
            cells('#address-cells', 1),
            cells('#size-cells', 0),
            cells('ibm,max-async-ops-per-processor', 10),
            cells('ibm,phandle', facilitiesPhandle),
          ],
          [...facilities, ...others],
        ),
      ],
    ),
  );
}

function knownFacility({ name, compatible, phandle }: (typeof known)[number], resource: number): TreeNode {
  const limits: Readonly<Record<string, readonly Property[]>> = {
    'ibm,random-v1': [flag('ibm,max-sync-cop')],
    'ibm,compression-v1': [
      cells('ibm,max-sync-cop', 1, 65536, 510, 1, 65536, 510),
      cells('ibm,max-sg-len', 4080),
    ],
    'ibm,sym-encryption-v1': [
      cells('ibm,max-sync-cop', 0, 0, 3, 128, 65536, 510, 192, 65536, 510, 256, 65536, 510),
      cells('ibm,max-sg-len', 4080),
    ],
  };
  return node(name, [
    string('name', name),
    string('compatible', compatible),
    string('status', 'okay'),
    cells('ibm,resource-id', resource),
    ...(limits[name] ?? []),
    cells('ibm,shared-interrupt-pool', 0x2fff_ff01),
    cells('ibm,phandle', phandle),
  ]);
}

/** A facility without driver, with `below` children. */
export function otherFacility(name: string, phandle: number, below: number): TreeNode {
  const children = Array.from({ length: below }, (_, at) =>
    otherFacility(`part@${at}`, phandle + 0x0100_0000 * (at + 1), 0),
  );
  const base = name.replace(/@.*$/, '');
  return node(
    name,
    [
      string('name', base),
      string('compatible', `vendor,${base}`),
      string('status', 'okay'),
      cells('ibm,phandle', phandle),
    ],
    children,
  );
}
