import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  bootPhandle,
  cells,
  findByPath,
  node,
  type Property,
  property,
  string,
  type Tree,
  type TreeNode,
  tree,
  u64,
  walk,
} from '../../../src/devicetree/index.ts';
import { graft, placeForBlob } from '../../../src/lab/guest/graft.ts';
import { facilitiesTree, phandles } from '../trees.ts';

const tokens = new Map([
  ['ibm,suspend-me', 0x202a],
  ['ibm,update-nodes', 0x3002],
]);

/** An extract of QEMU's tree at the kernel's entry. */
const boot: Tree = tree(
  node(
    '',
    [
      string('device_type', 'chrp'),
      string('model', 'IBM pSeries (emulated by qemu)'),
      cells('#address-cells', 2),
      cells('phandle', 0x3e64_4530),
    ],
    [
      node('chosen', [
        string('bootargs', 'console=hvc0'),
        u64('linux,initrd-start', 0x2c9_0000n),
        u64('linux,initrd-end', 0x2de_148an),
      ]),
      node('rtas', [
        cells('linux,rtas-entry', 0x2fff_0000),
        cells('ibm,get-system-parameter', 0x2008),
        cells('ibm,suspend-me', 0x202a),
        cells('phandle', 0x3e64_5358),
      ]),
      node(
        'cpus',
        [cells('#address-cells', 1), cells('phandle', 0x3e64_6b30)],
        [
          node('PowerPC,POWER9@0', [
            string('device_type', 'cpu'),
            cells('reg', 0),
            cells('phandle', 0x3e64_6db8),
          ]),
        ],
      ),
      node(
        'ibm,platform-facilities',
        [string('device_type', 'ibm,platform-facilities')],
        [node('ibm,random-v1', [string('compatible', 'ibm,random'), cells('slof,from-fdt', 1)])],
      ),
      node(
        'vdevice',
        [cells('phandle', 0x3e64_a2c0)],
        [node('vty@30000000', [cells('interrupt-parent', 0x3e68_3200), string('device_type', 'serial')])],
      ),
      node('memory@0', [string('device_type', 'memory'), cells('reg', 0, 0, 0, 0x4000_0000)]),
      node('interrupt-controller@603', [cells('#interrupt-cells', 2), cells('phandle', 0x3e68_3200)]),
    ],
  ),
  [{ address: 0x2fff_0000n, size: 0x1_0000n }],
);

const scenario = (children: readonly TreeNode[], properties: readonly Property[] = []) =>
  graft(boot, tree(node('', properties, children)), tokens);

function must(found: TreeNode | undefined): TreeNode {
  if (!found) throw new Error('not there');
  return found;
}

test('platform-facilities are taken from the scenario, with its phandles', () => {
  const before = facilitiesTree();
  const { tree: grafted, unsupported } = graft(boot, before, tokens);
  expect(unsupported).toEqual([]);
  for (const { path, node } of walk(before)) {
    if (path !== '/') expect(findByPath(grafted, path)).toEqual(node);
  }
  expect(bootPhandle(grafted.root)).toBe(phandles.root);
  const kept = boot.root.children.filter(({ name }) => name !== 'ibm,platform-facilities' && name !== 'rtas');
  for (const each of kept) expect(grafted.root.children).toContainEqual(each);
  expect(grafted.reservations).toEqual(boot.reservations);
});

test('a scenario without platform-facilities removes the machine’s', () => {
  expect(findByPath(scenario([]).tree, '/ibm,platform-facilities')).toBeUndefined();
});

test('/rtas gets the firmware’s functions and keeps the machine’s', () => {
  const rtas = must(findByPath(scenario([]).tree, '/rtas'));
  expect(property(rtas, 'ibm,update-nodes')).toEqual(cells('ibm,update-nodes', 0x3002));
  expect(property(rtas, 'ibm,get-system-parameter')).toEqual(cells('ibm,get-system-parameter', 0x2008));
  expect(rtas.properties.filter(({ name }) => name === 'ibm,suspend-me')).toHaveLength(1);
});

test('a token of two functions is an error', () => {
  const clash = new Map([['ibm,update-nodes', 0x2008]]);
  expect(() => graft(boot, facilitiesTree(), clash)).toThrow('ibm,get-system-parameter');
});

test('cache nodes and references to them are grafted, other processors are not', () => {
  const { tree: grafted, unsupported } = scenario([
    node(
      'cpus',
      [],
      [
        node('PowerPC,POWER9@0', [cells('l2-cache', 0x2010), cells('ibm,phandle', 0x1000_0000)]),
        node('l2-cache@2010', [string('device_type', 'cache'), cells('ibm,phandle', 0x2010)]),
        node('PowerPC,POWER9@8', [string('device_type', 'cpu')]),
      ],
    ),
  ]);
  const cpu = must(findByPath(grafted, '/cpus/PowerPC,POWER9@0'));
  expect(bootPhandle(cpu)).toBe(0x1000_0000);
  expect(property(cpu, 'l2-cache')).toEqual(cells('l2-cache', 0x2010));
  expect(findByPath(grafted, '/cpus/l2-cache@2010')).toBeDefined();
  expect(unsupported).toEqual([
    { path: '/cpus/PowerPC,POWER9@8', reason: 'this machine does not have this processor' },
  ]);
});

const refusals: readonly (readonly [what: string, node: TreeNode, path: string, property?: string])[] = [
  ['memory', node('memory@0', [cells('reg', 0, 0, 1, 0)]), '/memory@0', 'reg'],
  ['more memory', node('memory@40000000', [string('device_type', 'memory')]), '/memory@40000000'],
  ['dynamic memory', node('ibm,dynamic-reconfiguration-memory'), '/ibm,dynamic-reconfiguration-memory'],
  ['the way of booting', node('chosen', [string('bootargs', 'init=/bin/false')]), '/chosen', 'bootargs'],
  [
    'something new in /chosen',
    node('chosen', [cells('linux,crashkernel-size', 1)]),
    '/chosen',
    'linux,crashkernel-size',
  ],
  ['the RTAS entry', node('rtas', [cells('linux,rtas-entry', 0)]), '/rtas', 'linux,rtas-entry'],
  [
    'a device’s description',
    node('vdevice', [], [node('vty@30000000', [string('device_type', 'block')])]),
    '/vdevice/vty@30000000',
    'device_type',
  ],
  ['a device', node('vdevice', [], [node('l-lan@30000002')]), '/vdevice/l-lan@30000002'],
  ['a bus', node('pci@800000020000001', [string('device_type', 'pci')]), '/pci@800000020000001'],
  ['an interrupt controller', node('xics@0', [cells('interrupt-controller')]), '/xics@0'],
  [
    'the phandle of one that others need',
    node('interrupt-controller@603', [cells('ibm,phandle', 1)]),
    '/interrupt-controller@603',
    'ibm,phandle',
  ],
  ['a phandle that is taken', node('ibm,new', [cells('phandle', 0x3e68_3200)]), '/ibm,new'],
  ['a way of addressing', node('cpus', [cells('#address-cells', 2)]), '/cpus', '#address-cells'],
];

for (const [what, wanted, path, name] of refusals) {
  test(`not supported: ${what}`, () => {
    const { tree: grafted, unsupported } = scenario([wanted]);
    expect(unsupported).toEqual([
      { path, ...(name !== undefined && { property: name }), reason: expect.stringMatching(/machine/) },
    ]);
    const own = findByPath(boot, path);
    const result = findByPath(grafted, path);
    const without = ({ properties }: TreeNode) => properties.filter((each) => !tokens.has(each.name));
    expect(result && without(result)).toEqual(own && without(own));
  });
}

test('properties of the root are the scenario’s', () => {
  const model = string('model', 'IBM,9080-HEX');
  const { tree: grafted, unsupported } = scenario([], [model, string('device_type', 'chrp')]);
  expect(unsupported).toEqual([]);
  expect(property(grafted.root, 'model')).toEqual(model);
});

/** A chain of nodes, each a child of the one before. */
function chain(length: number): TreeNode {
  let deep = node('level');
  for (let count = 1; count < length; count++) deep = node('level', [], [deep]);
  return deep;
}

// Depth counts from the root, whether the nodes above are the machine's or the scenario's.
for (const [parent, wrap] of [
  ['', (deep: TreeNode) => deep],
  ['/cpus', (deep: TreeNode) => node('cpus', [], [deep])],
] as const) {
  test(`nodes below depth 62 are left out, below ${parent || '/'}`, () => {
    const above = parent === '' ? 0 : 1;
    expect(scenario([wrap(chain(62 - above))]).unsupported).toEqual([]);
    const { tree: grafted, unsupported } = scenario([wrap(chain(65 - above))]);
    const deepest = parent + '/level'.repeat(62 - above);
    expect(unsupported).toEqual([{ path: `${deepest}/level`, reason: expect.stringContaining('depth 62') }]);
    expect(findByPath(grafted, deepest)).toMatchObject({ children: [] });
  });
}

test('the place of the blob does not overlap reserved memory', () => {
  const range = fc.record({
    start: fc.integer({ min: 0, max: 0x3000 }),
    length: fc.integer({ min: 1, max: 0x800 }),
  });
  fc.assert(
    fc.property(
      fc.array(range, { maxLength: 4 }),
      fc.integer({ min: 1, max: 0x40_0000 }),
      (ranges, length) => {
        const reservations = ranges.map((each) => ({
          address: BigInt(each.start) << 16n,
          size: BigInt(each.length) << 16n,
        }));
        let place: number;
        try {
          place = placeForBlob({ ...boot, reservations }, length);
        } catch {
          return; // no free range
        }
        for (const { address, size } of reservations) {
          expect(place >= Number(address + size) || place + length <= Number(address)).toBe(true);
        }
        expect(place % 0x1_0000).toBe(0);
      },
    ),
    { seed: 1 },
  );
});
