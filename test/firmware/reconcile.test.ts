import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  bootPhandle,
  cells,
  flag,
  identityDifferences,
  indexByPhandle,
  node,
  type Property,
  property,
  string,
  type Tree,
  type TreeNode,
  tree,
  walk,
} from '../../src/devicetree/index.ts';
import {
  createFirmware,
  type FirmwareOptions,
  type Plan,
  parseFault,
  reconcile,
} from '../../src/firmware/index.ts';
import { createCaller, essence, type Heard, listen, rebuild, suspend } from './caller.ts';
import { cpusNode, facilitiesNode, facilitiesTree, rootNode } from './example.ts';

/** What a kernel hears of the first migration through a reconciler, and what the reconciler says of it. */
function throughReconciler(before: Tree, after: Tree, options: Partial<FirmwareOptions> = {}) {
  const reconciled = reconcile(createFirmware({ trees: [before, after], ...options }), before);
  suspend(reconciled);
  const heard = listen(reconciled);
  const notes = reconciled.notes().map(({ kind, subject, text }) => `${kind}: ${subject}: ${text}`);
  return { reconciled, heard, notes };
}

const changed = (heard: Heard) =>
  heard.updates.flatMap(({ path, changes }) => changes.map(({ name }) => `${path}:${name}`));

const withLeaves = (edit: (leaves: readonly TreeNode[]) => readonly TreeNode[], pool = 0x2fffff02) =>
  facilitiesTree(pool, (parent) => ({ ...parent, children: edit(parent.children) }));

const leaf = (name: string, phandle: number, ...more: Property[]) =>
  node(name, [string('compatible', 'ibm,thing'), ...more, cells('ibm,phandle', phandle)]);

describe('deleted and added back', () => {
  test('the thread: three pools change, and nothing is deleted or added', () => {
    const { heard, notes } = throughReconciler(facilitiesTree(1), facilitiesTree(2));
    expect(heard.deletes).toEqual([]);
    expect(heard.adds).toEqual([]);
    expect(changed(heard)).toEqual([
      '/ibm,platform-facilities/ibm,random-v1:ibm,shared-interrupt-pool',
      '/ibm,platform-facilities/ibm,compression-v1:ibm,shared-interrupt-pool',
      '/ibm,platform-facilities/ibm,sym-encryption-v1:ibm,shared-interrupt-pool',
    ]);
    expect(notes).toContain('turned into updates: /ibm,platform-facilities: deleted and added back');
    expect(notes).toHaveLength(4);
  });

  test('a second migration goes back from what the first one made', () => {
    const { reconciled } = throughReconciler(facilitiesTree(1), facilitiesTree(2));
    suspend(reconciled);
    const heard = listen(reconciled);
    expect(heard.updates.map(({ changes }) => changes[0])).toEqual(
      new Array(3).fill(cells('ibm,shared-interrupt-pool', 1)),
    );
  });

  test('a property that is gone is deleted, one that is new is made', () => {
    const edit = (of: TreeNode): TreeNode => ({
      ...of,
      properties: [...of.properties.filter(({ name }) => name !== 'status'), cells('ibm,new', 7)],
    });
    const { heard } = throughReconciler(
      facilitiesTree(1),
      withLeaves(([first, ...rest]) => (first ? [edit(first), ...rest] : []), 1),
    );
    expect(heard.updates).toEqual([
      {
        phandle: 0xfffffff5,
        path: '/ibm,platform-facilities/ibm,random-v1',
        changes: [cells('ibm,new', 7), { name: 'status', value: null }],
      },
    ]);
  });

  test('a child that is gone is deleted alone', () => {
    const { heard } = throughReconciler(
      facilitiesTree(1),
      withLeaves((leaves) => leaves.slice(0, 2), 1),
    );
    expect(heard).toEqual({ deletes: [0xfffffff3], updates: [], adds: [] });
  });

  test('a new subtree is added one node at a time, parents first', () => {
    const below = { ...leaf('ibm,deep-v1', 0xfffffff0), children: [leaf('ibm,deeper-v1', 0xffffffef)] };
    const { heard } = throughReconciler(
      facilitiesTree(1),
      withLeaves((leaves) => [...leaves, below], 1),
    );
    expect(
      heard.adds.map(({ parent, node: added }) => [parent, added?.name, added?.children.length]),
    ).toEqual([
      [0xfffffff6, 'ibm,deep-v1', 0],
      [0xfffffff0, 'ibm,deeper-v1', 0],
    ]);
    expect([...heard.deletes, ...heard.updates]).toEqual([]);
  });

  test.each([
    ['device_type', string('device_type', 'other')],
    ['compatible', string('compatible', 'ibm,other')],
  ])('the same phandle with another %s is another node: it goes, and comes', (name, value) => {
    const retyped = (of: TreeNode): TreeNode => ({
      ...of,
      properties: [...of.properties.filter((each) => each.name !== name), value],
    });
    const { heard, notes } = throughReconciler(
      facilitiesTree(1),
      withLeaves(([first, ...rest]) => (first ? [retyped(first), ...rest] : []), 1),
    );
    expect(heard.deletes).toEqual([0xfffffff5]);
    expect(heard.adds.map((add) => add.node?.name)).toEqual(['ibm,random-v1']);
    expect(notes.some((note) => note.startsWith('replaced: /ibm,platform-facilities/ibm,random-v1'))).toBe(
      true,
    );
  });

  test('caches that really are others stay deletes and adds', () => {
    const before = tree(rootNode([cpusNode(0x2010)]));
    const after = tree(rootNode([cpusNode(0x2030)]));
    const { heard } = throughReconciler(before, after);
    expect(essence(rebuild(before, heard))).toEqual(essence(after));
    expect(heard.deletes.length).toBe(heard.adds.length);
    expect(heard.deletes.length).toBeGreaterThan(0);
  });
});

describe('what firmware may do wrong', () => {
  test('a list cut into many calls is read to its end before anything is handed on', () => {
    const { heard } = throughReconciler(facilitiesTree(1), facilitiesTree(2), {
      cut: { nodes: 1, properties: 1 },
    });
    expect([heard.deletes.length, heard.updates.length, heard.adds.length]).toEqual([0, 3, 0]);
  });

  test.each([
    'busy@ibm,update-nodes',
    'extended-delay@ibm,update-properties',
    'busy@ibm,configure-connector*3',
    'full-list',
    'next-child-siblings',
  ])('%s changes nothing', (fault) => {
    const { heard } = throughReconciler(facilitiesTree(1), facilitiesTree(2), {
      faults: [parseFault(fault)],
    });
    expect([heard.deletes.length, heard.updates.length, heard.adds.length]).toEqual([0, 3, 0]);
  });

  test('a list that ends in an error hands nothing on but its status', () => {
    const firmware = createFirmware({
      trees: [facilitiesTree(1), facilitiesTree(2)],
      faults: [parseFault('hardware-error@ibm,update-nodes')],
    });
    const reconciled = reconcile(firmware, facilitiesTree(1));
    suspend(reconciled);
    const { call, fill } = createCaller(reconciled);
    fill(new Uint8Array(16));
    expect(call('ibm,update-nodes', 0x26d0000, 1)).toBe(-1);
    expect(reconciled.notes()).toEqual([
      { kind: 'failed', subject: 'ibm,update-nodes', text: 'hardware error' },
    ]);
  });

  test('a connector that cannot be read leaves what it might have brought back', () => {
    const { heard, notes } = throughReconciler(facilitiesTree(1), facilitiesTree(2), {
      faults: [parseFault('unusable@/ibm,platform-facilities')],
    });
    expect(heard).toEqual({ deletes: [], updates: [], adds: [] });
    expect(notes.filter((note) => note.startsWith('withheld'))).toHaveLength(4);
    expect(notes.filter((note) => note.startsWith('failed'))).toHaveLength(1);
  });

  test('an add that never comes: deletes stay deletes', () => {
    const { heard } = throughReconciler(facilitiesTree(1), facilitiesTree(2), {
      faults: [parseFault('lost-add')],
    });
    expect(heard.deletes).toEqual([0xfffffff3, 0xfffffff4, 0xfffffff5, 0xfffffff6]);
  });

  test.each([
    ['unknown-phandle', 'to be updated, but not in the tree'],
    ['unknown-parent', 'which is not in the tree'],
  ])('%s is withheld and said', (fault, text) => {
    const { notes } = throughReconciler(facilitiesTree(1), facilitiesTree(2), {
      faults: [parseFault(fault)],
    });
    expect(notes.filter((note) => note.startsWith('withheld') && note.includes(text))).not.toEqual([]);
  });

  test('a lone child of what stays is the child that is there', () => {
    const { heard } = throughReconciler(facilitiesTree(1), facilitiesTree(2), {
      faults: [parseFault('lone-child')],
    });
    expect([heard.deletes, heard.adds]).toEqual([[], []]);
    expect(changed(heard)).toEqual(['/ibm,platform-facilities/ibm,random-v1:ibm,shared-interrupt-pool']);
  });
});

describe('messages made by hand', () => {
  const before = facilitiesTree(1);
  const nothing = {
    style: 'powervm',
    scope: 1,
    deletes: [],
    updates: [],
    adds: [],
    unsaid: [],
  } as const satisfies Plan;
  const hear = (plan: Partial<Plan>) =>
    throughReconciler(before, before, { plans: [{ ...nothing, ...plan }] });
  const randomPath = '/ibm,platform-facilities/ibm,random-v1';
  const del = (phandle: number) => ({ phandle, path: '' });
  const facilities = facilitiesNode(2);
  const add = {
    parent: 0xffffffff,
    path: '/ibm,platform-facilities',
    drcIndex: 0x20000001,
    node: facilities,
  };

  test('an add without a delete is the node that is there', () => {
    const { heard, notes } = hear({ adds: [add] });
    expect([heard.deletes, heard.adds, heard.updates.length]).toEqual([[], [], 3]);
    expect(notes).toContain('repeated: /ibm,platform-facilities: added, but there already');
  });

  test('the same add twice, the same delete twice', () => {
    const { heard, notes } = hear({
      deletes: [del(0xfffffff6), del(0xfffffff6)],
      adds: [add, { ...add, drcIndex: 0x20000002 }],
    });
    expect([heard.deletes, heard.adds, heard.updates.length]).toEqual([[], [], 3]);
    expect(notes).toContain('repeated: /ibm,platform-facilities: deleted more than once');
    expect(notes).toContain('repeated: ibm,platform-facilities: phandle 0xfffffff6 added more than once');
  });

  test('deleting a parent deletes what is below it, leaves first', () => {
    expect(hear({ deletes: [del(0xfffffff6)] }).heard.deletes).toEqual([
      0xfffffff3, 0xfffffff4, 0xfffffff5, 0xfffffff6,
    ]);
  });

  test('updated and deleted: the delete holds', () => {
    const updates = [{ phandle: 0xfffffff5, path: randomPath, changes: [cells('a', 1)] }];
    const { heard, notes } = hear({ deletes: [del(0xfffffff5)], updates });
    expect(heard).toMatchObject({ deletes: [0xfffffff5], updates: [] });
    expect(notes).toContain('contradicted: /ibm,platform-facilities/ibm,random-v1: updated and deleted');
  });

  test('a new node under the name of one that stays is not added', () => {
    const { heard, notes } = hear({
      adds: [{ ...add, parent: 0xfffffff6, node: leaf('ibm,random-v1', 0x77) }],
    });
    expect(heard.adds).toEqual([]);
    expect(notes).toEqual([
      'contradicted: /ibm,platform-facilities/ibm,random-v1: to be added, but another node of that name stays',
    ]);
  });

  test('what kernels cannot take from an update is not sent, and said', () => {
    const changes = [string('name', 'other'), cells('ibm,phandle', 9), flag('empty'), cells('a', 1)];
    const { heard, notes } = hear({ updates: [{ phandle: 0xfffffff5, path: randomPath, changes }] });
    expect(changed(heard)).toEqual(['/ibm,platform-facilities/ibm,random-v1:a']);
    expect(
      notes.filter((note) => note.startsWith('not deliverable')).map((note) => note.split(':')[2]),
    ).toEqual(['name', 'ibm,phandle', 'empty']);
  });

  test('a property larger than a work area arrives whole', () => {
    const value = Uint8Array.from({ length: 10_000 }, (_, at) => at);
    const { heard } = hear({
      updates: [{ phandle: 0xfffffff5, path: randomPath, changes: [{ name: 'large', value }] }],
    });
    expect(heard.updates[0]?.changes).toEqual([{ name: 'large', value }]);
  });

  test('more changes than fit in one work area', () => {
    const leaves = Array.from({ length: 3000 }, (_, at) =>
      leaf(`ibm,thing-v1@${at}`, 0x1000 + at, cells('n', 1)),
    );
    const big = (n: number) =>
      withLeaves(
        () =>
          leaves.map((each) => ({
            ...each,
            properties: [...each.properties.filter(({ name }) => name !== 'n'), cells('n', n)],
          })),
        1,
      );
    const { heard } = throughReconciler(big(1), big(2));
    expect([heard.deletes.length, heard.updates.length, heard.adds.length]).toEqual([0, 3000, 0]);
  });
});

/** Facilities with any leaves out of a few, each of a few kinds and values, some with a node below. */
const partitions: fc.Arbitrary<Tree> = fc
  .uniqueArray(
    fc.record({
      name: fc.constantFrom('a-v1', 'b-v1', 'c-v1', 'd-v1'),
      phandle: fc.constantFrom(1, 2, 3, 4),
      type: fc.constantFrom('x', 'y'),
      value: fc.nat(3),
      extra: fc.boolean(),
      below: fc.option(fc.constantFrom(11, 12)),
    }),
    { selector: ({ name }) => name, maxLength: 4 },
  )
  .map((leaves) => {
    const taken = new Set<number>();
    const free = (phandle: number) => !taken.has(phandle) && taken.add(phandle).size > 0;
    const nodes = leaves.filter(({ phandle }) => free(phandle));
    const children = nodes.map(({ name, phandle, type, value, extra, below }) => ({
      ...leaf(
        name,
        phandle,
        string('device_type', type),
        cells('value', value),
        ...(extra ? [cells('extra', value)] : []),
      ),
      children: below !== null && free(below) ? [leaf('below', below, cells('value', value))] : [],
    }));
    return facilitiesTree(1, (parent) => ({ ...parent, children }));
  });

describe('any pair of trees', () => {
  test('the kernel gets the destination, and no surviving node is ever deleted', () => {
    fc.assert(
      fc.property(
        partitions,
        partitions,
        fc.constantFrom('powervm', 'properties'),
        (before, after, style) => {
          const { heard, reconciled } = throughReconciler(before, after, { style: style as 'powervm' });
          expect(essence(rebuild(before, heard))).toEqual(essence(after));
          for (const phandle of survivors(before, after)) expect(heard.deletes).not.toContain(phandle);
          // Firmware that says the same once more (a third server like the second) changes nothing.
          const again = reconcile(createFirmware({ trees: [after, after] }), after);
          suspend(again);
          expect(listen(again)).toEqual({ deletes: [], updates: [], adds: [] });
          expect(reconciled.notes().filter((note) => note.kind === 'withheld')).toEqual([]);
        },
      ),
      { seed: 7, numRuns: 300 },
    );
  });
});

/** Phandles of nodes that are the same before and after, under a parent that is. */
function survivors(before: Tree, after: Tree): number[] {
  const old = indexByPhandle(before).nodes;
  const alive = new Set<TreeNode>([after.root]);
  const found: number[] = [];
  for (const { node: now, parent } of walk(after)) {
    const was = old.get(bootPhandle(now))?.[0];
    if (!was || !parent || !alive.has(parent) || identityDifferences(was.node, now).length > 0) continue;
    const parentWas = was.path.slice(0, was.path.lastIndexOf('/')) || '/';
    if (old.get(bootPhandle(parent))?.[0]?.path !== parentWas) continue;
    alive.add(now);
    found.push(bootPhandle(now));
  }
  expect(found.every((phandle) => property(old.get(phandle)?.[0]?.node ?? node(''), 'ibm,phandle'))).toBe(
    true,
  );
  return found;
}
