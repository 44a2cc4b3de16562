import { expect, test } from 'vitest';
import { cells, node, string, type TreeNode, tree } from '../../src/devicetree/index.ts';
import { type Plan, type PlanStyle, planMigration } from '../../src/firmware/index.ts';
import { cpusNode, facilitiesNode, facilitiesTree, rootNode } from './example.ts';

const plan = (before: TreeNode, after: TreeNode, style: PlanStyle = 'powervm', permitForbidden = false) =>
  planMigration(tree(before), tree(after), { style, permitForbidden });

/** A plan in few words. */
const linesOf = ({ deletes, updates, adds }: Plan) => [
  ...deletes.map(({ phandle, path }) => `delete ${phandle.toString(16)} ${path}`),
  ...updates.map(
    ({ path, changes }) =>
      `update ${path}: ${changes.map(({ name, value }) => (value ? name : `-${name}`)).join(' ')}`,
  ),
  ...adds.map(
    ({ parent, path, drcIndex }) => `add ${path} under ${parent.toString(16)} drc ${drcIndex.toString(16)}`,
  ),
];

test('powervm: platform-facilities are deleted leaf by leaf and added whole, changed or not', () => {
  const expected = [
    'delete fffffff5 /ibm,platform-facilities/ibm,random-v1',
    'delete fffffff4 /ibm,platform-facilities/ibm,compression-v1',
    'delete fffffff3 /ibm,platform-facilities/ibm,sym-encryption-v1',
    'delete fffffff6 /ibm,platform-facilities',
    'add /ibm,platform-facilities under ffffffff drc 20000001',
  ];
  const made = planMigration(facilitiesTree(1), facilitiesTree(2), { style: 'powervm' });
  expect(linesOf(made)).toEqual(expected);
  expect(made.adds[0]?.node).toEqual(facilitiesNode(2));
  expect(made.unreported).toEqual([]);
  expect(linesOf(planMigration(facilitiesTree(), facilitiesTree(), { style: 'powervm' }))).toEqual(expected);
});

test('properties: the same migration is three updates', () => {
  const made = planMigration(facilitiesTree(1), facilitiesTree(2), { style: 'properties' });
  expect(linesOf(made)).toEqual([
    'update /ibm,platform-facilities/ibm,random-v1: ibm,shared-interrupt-pool',
    'update /ibm,platform-facilities/ibm,compression-v1: ibm,shared-interrupt-pool',
    'update /ibm,platform-facilities/ibm,sym-encryption-v1: ibm,shared-interrupt-pool',
  ]);
  expect(made.updates[0]).toEqual({
    phandle: 0xfffffff5,
    path: '/ibm,platform-facilities/ibm,random-v1',
    changes: [cells('ibm,shared-interrupt-pool', 2)],
  });
});

test('properties: another compatible or device_type is a different node, except for the root', () => {
  const other = (facilities: TreeNode): TreeNode => {
    const [random, ...rest] = facilities.children;
    const properties = (random?.properties ?? []).map((each) =>
      each.name === 'compatible' ? string('compatible', 'x') : each,
    );
    return { ...facilities, children: [{ name: 'ibm,random-v1', children: [], properties }, ...rest] };
  };
  expect(
    linesOf(planMigration(facilitiesTree(), facilitiesTree(0x2fffff01, other), { style: 'properties' })),
  ).toEqual([
    'delete fffffff5 /ibm,platform-facilities/ibm,random-v1',
    'add /ibm,platform-facilities/ibm,random-v1 under fffffff6 drc 20000001',
  ]);
  const root = (model: string) => node('', [string('compatible', model), cells('ibm,phandle', 1)]);
  expect(linesOf(plan(root('IBM,9080-HEX'), root('IBM,9105-42A'), 'properties'))).toEqual([
    'update /: compatible',
  ]);
});

test('a removed facility is deleted; a new one is added with its hierarchy or alone, by style', () => {
  const without = rootNode([]);
  const all = rootNode([facilitiesNode(1)]);
  expect(linesOf(plan(all, without)).map((line) => line.split(' ')[0])).toEqual([
    'delete',
    'delete',
    'delete',
    'delete',
  ]);
  expect(linesOf(plan(without, all))).toEqual(['add /ibm,platform-facilities under ffffffff drc 20000001']);
  const facilities = facilitiesNode(1);
  const two = { ...facilities, children: facilities.children.slice(0, 2) };
  expect(linesOf(plan(rootNode([two]), all, 'properties'))).toEqual([
    'add /ibm,platform-facilities/ibm,sym-encryption-v1 under fffffff6 drc 20000001',
  ]);
  expect(linesOf(plan(all, rootNode([two]), 'properties'))).toEqual([
    'delete fffffff3 /ibm,platform-facilities/ibm,sym-encryption-v1',
  ]);
});

test('powervm: caches stay if all are equal; all are replaced if one differs', () => {
  const at = (first: number, size?: number) => rootNode([cpusNode(first, size)]);
  expect(linesOf(plan(at(0x2010), at(0x2010)))).toEqual([]);
  expect(linesOf(plan(at(0x2010), at(0x2011)))).toEqual([
    'delete 2010 /cpus/l2-cache@2010',
    'delete 2011 /cpus/l2-cache@2011',
    'update /cpus/PowerPC,POWER9@0: l2-cache',
    'update /cpus/PowerPC,POWER9@8: l2-cache',
    'add /cpus/l2-cache@2011 under fffffff8 drc 20000001',
    'add /cpus/l2-cache@2012 under fffffff8 drc 20000002',
  ]);
  expect(linesOf(plan(at(0x2010), at(0x2010, 1)))).toEqual([
    'delete 2010 /cpus/l2-cache@2010',
    'delete 2011 /cpus/l2-cache@2011',
    'add /cpus/l2-cache@2010 under fffffff8 drc 20000001',
    'add /cpus/l2-cache@2011 under fffffff8 drc 20000002',
  ]);
  expect(linesOf(plan(at(0x2010), at(0x2010, 1), 'properties'))).toEqual([
    'update /cpus/l2-cache@2010: d-cache-size',
    'update /cpus/l2-cache@2011: d-cache-size',
  ]);
});

test('all other changes are updates: changed and new properties first, then deleted ones', () => {
  const slots = (...properties: TreeNode['properties']) =>
    rootNode([node('vdevice', [cells('ibm,phandle', 7), ...properties])]);
  const before = slots(cells('ibm,drc-info', 1, 2), cells('reg', 1));
  const after = slots(cells('reg', 2), cells('ibm,drc-indexes', 1), string('ibm,drc-names', 'U1'));
  expect(linesOf(plan(before, after))).toEqual([
    'update /vdevice: reg ibm,drc-indexes ibm,drc-names -ibm,drc-info',
  ]);
});

test('an omitted name is no change, a wrong name is', () => {
  const named = (...properties: TreeNode['properties']) =>
    rootNode([node('a@1', [cells('ibm,phandle', 7), ...properties])]);
  expect(linesOf(plan(named(string('name', 'a')), named()))).toEqual([]);
  expect(linesOf(plan(named(), named(string('name', 'a'))))).toEqual([]);
  expect(plan(named(string('name', 'b')), named()).updates[0]?.changes).toEqual([string('name', 'a')]);
});

test('phandles of the client interface are ignored; a node without a phandle is unreported', () => {
  const dual = (client: number) =>
    rootNode([node('a', [cells('linux,phandle', client), cells('ibm,phandle', 7)])]);
  expect(linesOf(plan(dual(1), dual(2)))).toEqual([]);
  const bare = (status: string) => rootNode([node('a', [string('status', status)])]);
  const made = plan(bare('okay'), bare('disabled'));
  expect(linesOf(made)).toEqual([]);
  expect(made.unreported).toEqual([{ path: '/a', reason: 'properties differ, but the node has no phandle' }]);
});

test('a node with another phandle is a different node; for the root this is unreported', () => {
  const at = (phandle: number) =>
    rootNode([node('ibm,dynamic-reconfiguration-memory', [cells('ibm,phandle', phandle)])]);
  expect(linesOf(plan(at(7), at(8)))).toEqual([
    'delete 7 /ibm,dynamic-reconfiguration-memory',
    'add /ibm,dynamic-reconfiguration-memory under ffffffff drc 20000001',
  ]);
  const root = (phandle: number) => node('', [cells('ibm,phandle', phandle)]);
  expect(plan(root(1), root(2)).unreported).toEqual([
    { path: '/', reason: 'its phandle differs, which no message reports' },
  ]);
});

test('deeper nodes are deleted first, the children of a node in tree order', () => {
  const leaf = (name: string, phandle: number, ...children: TreeNode[]) =>
    node(name, [cells('ibm,phandle', phandle)], children);
  const memory = leaf(
    'ibm,dynamic-reconfiguration-memory',
    1,
    leaf('a', 2, leaf('b', 3), leaf('c', 4)),
    leaf('d', 5),
  );
  expect(plan(rootNode([memory]), rootNode([])).deletes.map(({ phandle }) => phandle)).toEqual([
    3, 4, 2, 5, 1,
  ]);
});

test('a connector has the index of its node, else an unused number', () => {
  const cache = (unit: number, ...more: TreeNode['properties']) =>
    node(`l2-cache@${unit}`, [string('device_type', 'cache'), cells('ibm,phandle', unit), ...more]);
  const own = (index: number) => cells('ibm,my-drc-index', index);
  const cpus = (...children: TreeNode[]) => rootNode([node('cpus', [cells('ibm,phandle', 9)], children)]);
  const after = cpus(
    cache(1),
    cache(2, own(0x20000001)),
    cache(3, own(5)),
    cache(4, own(5)),
    cache(5, own(0x20000003)),
  );
  const indices = plan(cpus(), after).adds.map(({ drcIndex }) => drcIndex);
  expect(indices).toEqual([0x20000002, 0x20000001, 5, 0x20000004, 0x20000003]);
});

test('what scope 1 forbids is rejected with node and rule, unless permitted', () => {
  const slot = node('l-lan@30000002', [cells('ibm,phandle', 5)]);
  const vdevice = (...children: TreeNode[]) =>
    rootNode([node('vdevice', [cells('ibm,phandle', 7)], children)]);
  expect(() => plan(vdevice(slot), vdevice())).toThrow(
    expect.objectContaining({
      name: 'InputError',
      message: 'firmware may not delete /vdevice/l-lan@30000002 in a migration',
      where: { path: '/vdevice/l-lan@30000002' },
      hint: expect.stringContaining('LoPAR 7.4.8, scope 1'),
    }),
  );
  expect(() => plan(vdevice(), vdevice(slot))).toThrow(/may not add/);
  expect(linesOf(plan(vdevice(), vdevice(slot), 'powervm', true))).toEqual([
    'add /vdevice/l-lan@30000002 under 7 drc 20000001',
  ]);
});

test('a node without a phandle cannot be deleted or be a parent', () => {
  const bare = node('ibm,platform-facilities', []);
  expect(() => plan(rootNode([bare]), rootNode([]))).toThrow(
    '/ibm,platform-facilities has no phandle and cannot be deleted',
  );
  expect(() => plan(node(''), node('', [], [bare]))).toThrow(
    '/ has no phandle and cannot be given new children',
  );
});

test('siblings of one name are distinguished by their order', () => {
  const twin = (phandle: number) => node('twin', [cells('ibm,phandle', phandle)]);
  const memory = (...children: TreeNode[]) =>
    rootNode([node('ibm,dynamic-reconfiguration-memory', [cells('ibm,phandle', 9)], children)]);
  expect(linesOf(plan(memory(twin(1), twin(2)), memory(twin(2), twin(3))))).toEqual([
    'delete 1 /ibm,dynamic-reconfiguration-memory/twin',
    'add /ibm,dynamic-reconfiguration-memory/twin under 9 drc 20000001',
  ]);
});
