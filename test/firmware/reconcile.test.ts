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
import { createCaller, essence, type Received, rebuild, receiveAll, suspend } from './caller.ts';
import { cpusNode, facilitiesNode, facilitiesTree, rootNode } from './example.ts';

/** What a kernel receives of the first migration through a reconciler, and the reconciler's notes. */
function throughReconciler(before: Tree, after: Tree, options: Partial<FirmwareOptions> = {}) {
  const reconciled = reconcile(createFirmware({ trees: [before, after], ...options }), before);
  suspend(reconciled);
  const received = receiveAll(reconciled);
  const notes = reconciled.notes().map(({ kind, subject, text }) => `${kind}: ${subject}: ${text}`);
  return { reconciled, received, notes };
}

const changed = (received: Received) =>
  received.updates.flatMap(({ path, changes }) => changes.map(({ name }) => `${path}:${name}`));

const withLeaves = (edit: (leaves: readonly TreeNode[]) => readonly TreeNode[], pool = 0x2fffff02) =>
  facilitiesTree(pool, (parent) => ({ ...parent, children: edit(parent.children) }));

const leaf = (name: string, phandle: number, ...more: Property[]) =>
  node(name, [string('compatible', 'ibm,thing'), ...more, cells('ibm,phandle', phandle)]);

describe('deleted and added back', () => {
  test('three pools change; nothing is deleted or added', () => {
    const { received, notes } = throughReconciler(facilitiesTree(1), facilitiesTree(2));
    expect(received.deletes).toEqual([]);
    expect(received.adds).toEqual([]);
    expect(changed(received)).toEqual([
      '/ibm,platform-facilities/ibm,random-v1:ibm,shared-interrupt-pool',
      '/ibm,platform-facilities/ibm,compression-v1:ibm,shared-interrupt-pool',
      '/ibm,platform-facilities/ibm,sym-encryption-v1:ibm,shared-interrupt-pool',
    ]);
    expect(notes).toContain('turned into updates: /ibm,platform-facilities: deleted and added back');
    expect(notes).toHaveLength(4);
  });

  test('a second migration starts from the result of the first', () => {
    const { reconciled } = throughReconciler(facilitiesTree(1), facilitiesTree(2));
    suspend(reconciled);
    const received = receiveAll(reconciled);
    expect(received.updates.map(({ changes }) => changes[0])).toEqual(
      new Array(3).fill(cells('ibm,shared-interrupt-pool', 1)),
    );
  });

  test('a removed property is deleted, a new one is created', () => {
    const edit = (of: TreeNode): TreeNode => ({
      ...of,
      properties: [...of.properties.filter(({ name }) => name !== 'status'), cells('ibm,new', 7)],
    });
    const { received } = throughReconciler(
      facilitiesTree(1),
      withLeaves(([first, ...rest]) => (first ? [edit(first), ...rest] : []), 1),
    );
    expect(received.updates).toEqual([
      {
        phandle: 0xfffffff5,
        path: '/ibm,platform-facilities/ibm,random-v1',
        changes: [cells('ibm,new', 7), { name: 'status', value: null }],
      },
    ]);
  });

  test('a removed child is deleted alone', () => {
    const { received } = throughReconciler(
      facilitiesTree(1),
      withLeaves((leaves) => leaves.slice(0, 2), 1),
    );
    expect(received).toEqual({ deletes: [0xfffffff3], updates: [], adds: [] });
  });

  test('a new subtree is added one node at a time, parents first', () => {
    const below = { ...leaf('ibm,deep-v1', 0xfffffff0), children: [leaf('ibm,deeper-v1', 0xffffffef)] };
    const { received } = throughReconciler(
      facilitiesTree(1),
      withLeaves((leaves) => [...leaves, below], 1),
    );
    expect(
      received.adds.map(({ parent, node: added }) => [parent, added?.name, added?.children.length]),
    ).toEqual([
      [0xfffffff6, 'ibm,deep-v1', 0],
      [0xfffffff0, 'ibm,deeper-v1', 0],
    ]);
    expect([...received.deletes, ...received.updates]).toEqual([]);
  });

  test.each([
    ['device_type', string('device_type', 'other')],
    ['compatible', string('compatible', 'ibm,other')],
  ])('the same phandle with another %s is another node: it goes, and comes', (name, value) => {
    const retyped = (of: TreeNode): TreeNode => ({
      ...of,
      properties: [...of.properties.filter((each) => each.name !== name), value],
    });
    const { received, notes } = throughReconciler(
      facilitiesTree(1),
      withLeaves(([first, ...rest]) => (first ? [retyped(first), ...rest] : []), 1),
    );
    expect(received.deletes).toEqual([0xfffffff5]);
    expect(received.adds.map((add) => add.node?.name)).toEqual(['ibm,random-v1']);
    expect(notes.some((note) => note.startsWith('replaced: /ibm,platform-facilities/ibm,random-v1'))).toBe(
      true,
    );
  });

  test('different caches stay deletes and adds', () => {
    const before = tree(rootNode([cpusNode(0x2010)]));
    const after = tree(rootNode([cpusNode(0x2030)]));
    const { received } = throughReconciler(before, after);
    expect(essence(rebuild(before, received))).toEqual(essence(after));
    expect(received.deletes.length).toBe(received.adds.length);
    expect(received.deletes.length).toBeGreaterThan(0);
  });
});

describe('faults of the firmware', () => {
  test('a list in many calls is collected completely before the first reply', () => {
    const { received } = throughReconciler(facilitiesTree(1), facilitiesTree(2), {
      limits: { nodes: 1, properties: 1 },
    });
    expect([received.deletes.length, received.updates.length, received.adds.length]).toEqual([0, 3, 0]);
  });

  test.each([
    'busy@ibm,update-nodes',
    'extended-delay@ibm,update-properties',
    'busy@ibm,configure-connector*3',
    'full-list',
    'next-child-siblings',
  ])('%s changes nothing', (fault) => {
    const { received } = throughReconciler(facilitiesTree(1), facilitiesTree(2), {
      faults: [parseFault(fault)],
    });
    expect([received.deletes.length, received.updates.length, received.adds.length]).toEqual([0, 3, 0]);
  });

  test('of a list that fails only the status is passed on', () => {
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

  test('a failed connector withholds the deletes of its possible siblings', () => {
    const { received, notes } = throughReconciler(facilitiesTree(1), facilitiesTree(2), {
      faults: [parseFault('unusable@/ibm,platform-facilities')],
    });
    expect(received).toEqual({ deletes: [], updates: [], adds: [] });
    expect(notes.filter((note) => note.startsWith('withheld'))).toHaveLength(4);
    expect(notes.filter((note) => note.startsWith('failed'))).toHaveLength(1);
  });

  test('a missing add: deletes stay deletes', () => {
    const { received } = throughReconciler(facilitiesTree(1), facilitiesTree(2), {
      faults: [parseFault('lost-add')],
    });
    expect(received.deletes).toEqual([0xfffffff3, 0xfffffff4, 0xfffffff5, 0xfffffff6]);
  });

  test.each([
    ['unknown-phandle', 'update of a node that is not in the tree'],
    ['unknown-parent', 'which is not in the tree'],
  ])('%s is withheld and noted', (fault, text) => {
    const { notes } = throughReconciler(facilitiesTree(1), facilitiesTree(2), {
      faults: [parseFault(fault)],
    });
    expect(notes.filter((note) => note.startsWith('withheld') && note.includes(text))).not.toEqual([]);
  });

  test('a lone child under an attached parent is the live child', () => {
    const { received } = throughReconciler(facilitiesTree(1), facilitiesTree(2), {
      faults: [parseFault('lone-child')],
    });
    expect([received.deletes, received.adds]).toEqual([[], []]);
    expect(changed(received)).toEqual(['/ibm,platform-facilities/ibm,random-v1:ibm,shared-interrupt-pool']);
  });
});

describe('given messages', () => {
  const before = facilitiesTree(1);
  const nothing = {
    style: 'powervm',
    scope: 1,
    deletes: [],
    updates: [],
    adds: [],
    unreported: [],
  } as const satisfies Plan;
  const decideFor = (plan: Partial<Plan>) =>
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

  test('an add without a delete is the live node', () => {
    const { received, notes } = decideFor({ adds: [add] });
    expect([received.deletes, received.adds, received.updates.length]).toEqual([[], [], 3]);
    expect(notes).toContain('repeated: /ibm,platform-facilities: added, but in the tree already');
  });

  test('the same add twice, the same delete twice', () => {
    const { received, notes } = decideFor({
      deletes: [del(0xfffffff6), del(0xfffffff6)],
      adds: [add, { ...add, drcIndex: 0x20000002 }],
    });
    expect([received.deletes, received.adds, received.updates.length]).toEqual([[], [], 3]);
    expect(notes).toContain('repeated: /ibm,platform-facilities: deleted more than once');
    expect(notes).toContain('repeated: ibm,platform-facilities: phandle 0xfffffff6 added more than once');
  });

  test('the delete of a parent deletes its subtree, leaves first', () => {
    expect(decideFor({ deletes: [del(0xfffffff6)] }).received.deletes).toEqual([
      0xfffffff3, 0xfffffff4, 0xfffffff5, 0xfffffff6,
    ]);
  });

  test('updated and deleted: the delete has precedence', () => {
    const updates = [{ phandle: 0xfffffff5, path: randomPath, changes: [cells('a', 1)] }];
    const { received, notes } = decideFor({ deletes: [del(0xfffffff5)], updates });
    expect(received).toMatchObject({ deletes: [0xfffffff5], updates: [] });
    expect(notes).toContain('contradicted: /ibm,platform-facilities/ibm,random-v1: updated and deleted');
  });

  test('a new node under the name of one that stays is not added', () => {
    const { received, notes } = decideFor({
      adds: [{ ...add, parent: 0xfffffff6, node: leaf('ibm,random-v1', 0x77) }],
    });
    expect(received.adds).toEqual([]);
    expect(notes).toEqual([
      'contradicted: /ibm,platform-facilities/ibm,random-v1: added, but another node of that name stays',
    ]);
  });

  test('changes that kernels ignore are not sent, but noted', () => {
    const changes = [string('name', 'other'), cells('ibm,phandle', 9), flag('empty'), cells('a', 1)];
    const { received, notes } = decideFor({ updates: [{ phandle: 0xfffffff5, path: randomPath, changes }] });
    expect(changed(received)).toEqual(['/ibm,platform-facilities/ibm,random-v1:a']);
    expect(
      notes.filter((note) => note.startsWith('not deliverable')).map((note) => note.split(':')[2]),
    ).toEqual(['name', 'ibm,phandle', 'empty']);
  });

  test('a property larger than a work area arrives whole', () => {
    const value = Uint8Array.from({ length: 10_000 }, (_, at) => at);
    const { received } = decideFor({
      updates: [{ phandle: 0xfffffff5, path: randomPath, changes: [{ name: 'large', value }] }],
    });
    expect(received.updates[0]?.changes).toEqual([{ name: 'large', value }]);
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
    const { received } = throughReconciler(big(1), big(2));
    expect([received.deletes.length, received.updates.length, received.adds.length]).toEqual([0, 3000, 0]);
  });
});

/** Facilities with arbitrary leaves out of a few kinds and values; some leaves have a child. */
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
  test('the kernel gets the destination, and no node that stays is deleted', () => {
    fc.assert(
      fc.property(
        partitions,
        partitions,
        fc.constantFrom('powervm', 'properties'),
        (before, after, style) => {
          const { received, reconciled } = throughReconciler(before, after, { style: style as 'powervm' });
          expect(essence(rebuild(before, received))).toEqual(essence(after));
          for (const phandle of survivors(before, after)) expect(received.deletes).not.toContain(phandle);
          // The same messages again (a third server like the second) change nothing.
          const again = reconcile(createFirmware({ trees: [after, after] }), after);
          suspend(again);
          expect(receiveAll(again)).toEqual({ deletes: [], updates: [], adds: [] });
          expect(reconciled.notes().filter((note) => note.kind === 'withheld')).toEqual([]);
        },
      ),
      { seed: 7, numRuns: 300 },
    );
  });
});

/** Phandles of nodes that are equal before and after, with equal parents. */
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
