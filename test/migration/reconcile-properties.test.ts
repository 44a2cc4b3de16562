import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  cells,
  diffTrees,
  findByPath,
  node,
  type Property,
  string,
  type Tree,
  type TreeNode,
  tree,
} from '../../src/devicetree/index.ts';
import { migrate, type Scenario, scenarioDefaults } from '../../src/migration/index.ts';
import type { Run } from '../../src/verdict/index.ts';

const facilities = '/ibm,platform-facilities';
const runs = Number(process.env['TRANSPLANT_RECONCILE_RUNS'] ?? 60);

/** A leaf of platform-facilities on one server; the same `kind` is the same node, with the same phandle. */
interface Leaf {
  readonly kind: number;
  readonly okay: boolean;
  readonly pool: number;
  readonly limits: readonly number[];
  readonly more: Readonly<Record<string, Uint8Array>>;
}

/** One server: its facilities, and its caches, which PowerVM renumbers. */
interface Server {
  readonly system: string;
  readonly parent: Readonly<Record<string, Uint8Array>>;
  readonly leaves: readonly Leaf[];
  readonly caches: readonly number[];
}

const names = ['ibm,random-v1', 'ibm,compression-v1', 'ibm,sym-encryption-v1', 'ibm,new-v1', 'ibm,other-v2'];
const others = ['vendor,a', 'vendor,b', 'vendor,c'];
/** Empty values have their own test: kernels do not take them from an update (kernel.md, "name-only"). */
const value = fc.uint8Array({ minLength: 1, maxLength: 600 });
const properties = fc.dictionary(fc.constantFrom(...others), value, { maxKeys: 3, noNullPrototype: true });
const leaf = fc.record({
  kind: fc.nat(names.length - 1),
  okay: fc.boolean(),
  pool: fc.nat(0xffff),
  limits: fc.array(fc.nat(4080), { minLength: 1, maxLength: 6 }),
  more: properties,
});
const server: fc.Arbitrary<Server> = fc.record({
  system: fc.constantFrom('IBM,020000001', 'IBM,020000002', 'IBM,020000003'),
  parent: properties,
  leaves: fc.uniqueArray(leaf, { selector: ({ kind }) => kind, maxLength: names.length }),
  caches: fc.uniqueArray(fc.integer({ min: 0x2000, max: 0x2020 }), { maxLength: 4 }),
});

const phandle = (number: number) => cells('ibm,phandle', number);
const listed = (more: Readonly<Record<string, Uint8Array>>): Property[] =>
  Object.entries(more).map(([name, value]) => ({ name, value }));

function treeOf({ system, parent, leaves, caches }: Server): Tree {
  const children = leaves.map(
    ({ kind, okay, pool, limits, more }): TreeNode =>
      node(names[kind] ?? '', [
        string('compatible', (names[kind] ?? '').replace(/-v\d$/, '')),
        string('status', okay ? 'okay' : 'disabled'),
        cells('vendor,pool', pool),
        cells('vendor,limits', ...limits),
        ...listed(more),
        phandle(0xfffffff0 - kind),
      ]),
  );
  // The CPU refers to the first cache, and each cache to its next level.
  const next = (at: number) => {
    const number = caches[at];
    return number === undefined ? [] : [cells('l2-cache', number)];
  };
  const cpu = node('PowerPC,POWER9@0', [
    string('device_type', 'cpu'),
    cells('reg', 0),
    ...next(0),
    phandle(0x1000),
  ]);
  const cacheNodes = caches.map((number, at) =>
    node(`l2-cache@${number.toString(16)}`, [
      string('device_type', 'cache'),
      string('status', 'okay'),
      ...next(at + 1),
      phandle(number),
    ]),
  );
  return tree(
    node(
      '',
      [string('compatible', 'IBM,9080-HEX'), string('system-id', system), phandle(0xffffffff)],
      [
        node('cpus', [phandle(0x0fff)], [cpu, ...cacheNodes]),
        node(
          facilities.slice(1),
          [string('device_type', 'ibm,platform-facilities'), ...listed(parent), phandle(0xfffffff6)],
          children,
        ),
      ],
    ),
  );
}

const scenario = (from: Server, to: Server, more: Partial<Scenario>): Scenario => ({
  ...scenarioDefaults,
  name: 'generated',
  description: '',
  before: treeOf(from),
  after: treeOf(to),
  faults: [],
  policy: 'reconcile',
  ...more,
});

/** What the kernel makes of its own, and the order of siblings, which firmware does not tell. */
const differences = (live: Tree, wanted: Tree) =>
  diffTrees(live, wanted, { by: 'path', ignore: ['*:phandle', '*:linux,phandle', '*:name'] }).filter(
    ({ kind }) => kind !== 'children-reordered',
  );

const rulesOf = ({ verdict }: Run) => new Set(verdict.findings.map(({ rule }) => rule));
const held = ({ leaves }: Server) => leaves.map(({ kind }) => names[kind] ?? '');

/** Nodes that are on both servers and left the tree at any time: none must. */
function detachedSurvivors({ before, after, ledger, source, destination }: Run): readonly string[] {
  const survives = (path: string) => findByPath(source, path) && findByPath(destination, path);
  const left = (after.references ?? []).filter(
    ({ path, state, generation }) => generation === 1 && state !== 'attached' && survives(path),
  );
  const first = new Set((before.references ?? []).map(({ path }) => path));
  const lost = ledger.filter(
    ({ path, generation, who, change }) =>
      first.has(path) && generation === 1 && who === 'initial' && change < 0 && survives(path),
  );
  return [...left, ...lost].map(({ path }) => path);
}

describe.each([
  { release: '5.10', kernelPolicy: 'detach' },
  { release: '7.2', kernelPolicy: 'detach' },
  { release: '7.2', kernelPolicy: 'ignore' },
] as const)('reconcile before Linux $release under $kernelPolicy', ({ release, kernelPolicy }) => {
  test('the tree is the destination’s; rules fire only where the issue says so; survivors are never detached', async () => {
    await fc.assert(
      fc.asyncProperty(server, server, async (from, to) => {
        const run = await migrate(scenario(from, to, { release, kernelPolicy }));
        const gone = held(from).filter((name) => !held(to).includes(name));
        const left = differences(run.after.tree, run.destination);
        // A kernel that ignores deletes of platform-facilities keeps what is truly gone, and is said to.
        const kept = kernelPolicy === 'ignore' ? gone.map((name) => `${facilities}/${name}`) : [];
        expect(left.map((change) => ('before' in change ? change.before.path : change.kind)).sort()).toEqual(
          kept.toSorted(),
        );
        const stated = new Set<string>(kernelPolicy === 'ignore' ? ['kept-node'] : []);
        // The VIO bus holds a node that is truly gone as long as its device is there, which is for ever.
        if (kernelPolicy === 'detach' && gone.length > 0)
          for (const rule of ['dangling-link', 'leaked-reference']) stated.add(rule);
        // The bus scans the tree at boot only: what is truly new gets no device.
        if (held(to).some((name) => !held(from).includes(name))) stated.add('node-without-device');
        const surprising = [...rulesOf(run)].filter((rule) => !stated.has(rule));
        expect(surprising).toEqual([]);
        expect(detachedSurvivors(run)).toEqual([]);
      }),
      { numRuns: runs, seed: 4 },
    );
  });

  test('there, back and there again: the destination’s tree, nothing broken, nothing detached', async () => {
    const pair = fc.tuple(
      server,
      server,
      fc.array(leaf, { minLength: names.length, maxLength: names.length }),
    );
    await fc.assert(
      fc.asyncProperty(pair, async ([from, to, values]) => {
        const leaves = from.leaves.map(
          ({ kind }, at) => ({ ...(values[at] ?? from.leaves[0]), kind }) as Leaf,
        );
        const run = await migrate(scenario(from, { ...to, leaves }, { release, kernelPolicy, times: 3 }));
        expect(differences(run.after.tree, run.destination)).toEqual([]);
        expect([...rulesOf(run)]).toEqual([]);
        expect(detachedSurvivors(run)).toEqual([]);
      }),
      { numRuns: Math.ceil(runs / 2), seed: 4 },
    );
  });

  test('to where it already is: nothing is said, nothing changes', async () => {
    await fc.assert(
      fc.asyncProperty(server, async (here) => {
        const run = await migrate(scenario(here, here, { release, kernelPolicy }));
        const log = run.after.log.slice(run.before.log.length).map(({ text }) => text);
        expect(log.filter((text) => /removing|added|updating|ignoring/.test(text))).toEqual([]);
        expect(run.after.tree).toEqual(run.before.tree);
        expect(run.verdict.findings).toEqual([]);
      }),
      { numRuns: runs, seed: 4 },
    );
  });
});

test('the same look finds what a kernel that obeys does to survivors', async () => {
  const leaves = [{ kind: 0, okay: true, pool: 1, limits: [1], more: {} }];
  const here: Server = { system: 'IBM,1', parent: {}, leaves, caches: [] };
  const there = { ...here, leaves: leaves.map((one) => ({ ...one, pool: 2 })) };
  const run = await migrate(scenario(here, there, { policy: 'detach', release: '5.10' }));
  expect(new Set(detachedSurvivors(run))).toEqual(new Set([facilities, `${facilities}/ibm,random-v1`]));
  expect(differences(run.after.tree, run.destination)).not.toEqual([]);
});
