import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  cells,
  findByPath,
  flag,
  node,
  parseDts,
  property,
  string,
  type Tree,
  type TreeNode,
  tree,
} from '../../src/devicetree/index.ts';
import {
  audit,
  encodeCommand,
  type PlanOptions,
  planChanges,
  planFromJson,
  planLines,
  planToJson,
} from '../../src/field/index.ts';
import { captureOfTree } from '../../src/field/support/read-capture.ts';
import { createFirmware } from '../../src/firmware/index.ts';
import { bootKernel } from '../../src/kernel/index.ts';
import { releaseNames } from '../../src/partition/index.ts';
import { SEED } from '../support/trees.ts';

const example = (name: string) => {
  const file = resolve(import.meta.dirname, '../../examples/platform-facilities', name);
  return parseDts(readFileSync(file), { file });
};
const latin1 = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1');
const root = (...children: TreeNode[]): Tree => tree(node('', [cells('ibm,phandle', 0xffffffff)], children));
const leaf = (...more: Parameters<typeof node>[1] & object[]) =>
  node('a', [cells('ibm,phandle', 7), ...more]);

/** What a plan would write, and what it cannot. */
function planned(running: Tree, wanted: Tree, options?: PlanOptions) {
  const plan = planChanges(running, wanted, options);
  return {
    writes: plan.steps.map(({ write }) => latin1(write)),
    needsRestart: plan.needsRestart.map(({ subject }) => subject),
    leftAlone: plan.leftAlone,
  };
}

describe('commands', () => {
  test('are as the kernel parses them: phandle in hex, length in decimal, raw bytes, no newline', () => {
    const value = Uint8Array.from({ length: 12 }, (_, index) =>
      index === 5 ? 0x20 : index === 6 ? 10 : index,
    );
    expect(
      latin1(encodeCommand({ verb: 'update_property', phandle: 0xfffffff5, name: 'ibm,x', value })),
    ).toBe(`update_property 0xfffffff5 ibm,x 12 ${latin1(value)}`);
    expect(latin1(encodeCommand({ verb: 'remove_property', phandle: 7, name: 'x' }))).toBe(
      'remove_property 0x7 x',
    );
  });

  test('an empty value is followed by the separator, without which the parser would be at its end', () => {
    expect(
      latin1(encodeCommand({ verb: 'update_property', phandle: 7, name: 'x', value: new Uint8Array(0) })),
    ).toBe('update_property 0x7 x 0  ');
  });

  test('removals come last, also those of earlier nodes', () => {
    const two = (first: string, second: string) =>
      root(
        node('a', [cells('ibm,phandle', 7), string(first, 'x')]),
        node('b', [cells('ibm,phandle', 8), string('same', second)]),
      );
    expect(planned(two('gone', '1'), two('new', '2')).writes).toEqual([
      'update_property 0x7 new 2 x\0',
      'update_property 0x8 same 2 2\0',
      'remove_property 0x7 gone',
    ]);
  });

  test('change, add, empty and take away, removals last', () => {
    const running = root(leaf(string('gone', 'x'), string('old', 'a'), string('same', 's')));
    const wanted = root(leaf(string('old', 'bb'), string('same', 's'), flag('new')));
    expect(planned(running, wanted)).toEqual({
      writes: ['update_property 0x7 old 3 bb\0', 'update_property 0x7 new 0  ', 'remove_property 0x7 gone'],
      needsRestart: [],
      leftAlone: [],
    });
  });
});

describe('what needs a restart', () => {
  test.each<[string, Tree, Tree, string]>([
    ['a node that is new', root(), root(leaf()), '/a'],
    ['a node that is gone', root(leaf()), root(), '/a'],
    ['another node under a phandle', root(leaf()), root(node('b', [cells('ibm,phandle', 7)])), '/a'],
    ['another phandle', root(leaf()), root(node('a', [cells('ibm,phandle', 8)])), '/a'],
    [
      'a secret',
      root(leaf(string('security-x', 'a'))),
      root(leaf(string('security-x', 'b'))),
      '/a:security-x',
    ],
    [
      'the SLB size',
      root(leaf(cells('ibm,slb-size', 32))),
      root(leaf(cells('ibm,slb-size', 64))),
      '/a:ibm,slb-size',
    ],
    ['a name with a blank', root(leaf(string('a b', 'a'))), root(leaf(string('a b', 'b'))), '/a:a b'],
    ['a property twice', root(leaf(string('a#1', 'a'))), root(leaf(string('a#1', 'b'))), '/a:a#1'],
    ['the name', root(leaf(string('name', 'a'))), root(leaf(string('name', 'b'))), '/a:name'],
    [
      'a value of a megabyte',
      root(leaf()),
      root(leaf({ name: 'x', value: new Uint8Array(1 << 20) })),
      '/a:x',
    ],
    [
      'a node without phandle',
      root(node('a', [string('x', 'a')])),
      root(node('a', [string('x', 'b')])),
      '/a:x',
    ],
    [
      'memory',
      root(node('ibm,dynamic-reconfiguration-memory', [cells('ibm,phandle', 9), cells('ibm,lmb-size', 1)])),
      root(node('ibm,dynamic-reconfiguration-memory', [cells('ibm,phandle', 9), cells('ibm,lmb-size', 2)])),
      '/ibm,dynamic-reconfiguration-memory:ibm,lmb-size',
    ],
  ])('%s', (_, running, wanted, subject) => {
    const { writes, needsRestart } = planned(running, wanted);
    expect(writes).toEqual([]);
    expect(needsRestart).toContain(subject);
  });

  test('two nodes with one phandle: a command could change the wrong one', () => {
    const twice = (value: string) =>
      root(leaf(string('x', value)), node('a#1', [cells('ibm,phandle', 7), string('x', value)]));
    const { needsRestart, writes } = planned(twice('a'), twice('b'));
    expect({ needsRestart, writes }).toEqual({ needsRestart: ['/a:x', '/a#1:x'], writes: [] });
  });

  test('properties of a node that should be another node are not changed', () => {
    const running = root(node('l2-cache@1', [cells('ibm,phandle', 7), cells('reg', 1)]));
    const wanted = root(node('l2-cache@2', [cells('ibm,phandle', 7), cells('reg', 2)]));
    expect(planned(running, wanted)).toEqual({ writes: [], needsRestart: ['/l2-cache@1'], leftAlone: [] });
  });
});

test("this boot's own and what a capture hides is left alone; what the kernel adds itself is no difference", () => {
  const running = root(
    node('chosen', [cells('ibm,phandle', 3), string('bootargs', 'quiet')]),
    leaf(string('name', 'a'), cells('phandle', 99), string('linux,x', 'a'), string('key', 'k')),
  );
  const wanted = root(
    node('chosen', [cells('ibm,phandle', 3), string('bootargs', 'debug')]),
    leaf(string('linux,x', 'b')),
  );
  const found = planned(running, wanted, { leftOut: ['/a/key'] });
  expect(found).toEqual({
    writes: [],
    needsRestart: [],
    leftAlone: ['/chosen:bootargs', '/a:linux,x', '/a:key'],
  });
  expect(planned(running, running)).toEqual({ writes: [], needsRestart: [], leftAlone: [] });
});

describe('warnings', () => {
  const facility = (value: number) =>
    root(
      node(
        'ibm,platform-facilities',
        [cells('ibm,phandle', 6)],
        [node('ibm,compression-v1', [cells('ibm,phandle', 4), cells('ibm,max-sg-len', value)])],
      ),
    );
  const device = {
    name: 'ibm,compression-v1',
    driver: 'nx_compress_pseries',
    ofNode: { state: 'absent' },
  } as const;

  test('every command leaks a reference, on the release that is named', () => {
    const [step] = planChanges(facility(1), facility(2), {
      release: '6.1.0-44',
      devices: [{ ...device, driver: 'other' }],
    }).steps;
    expect(step?.warnings).toEqual([
      'leaks one reference to the node on 6.1.0-44: if the node is removed later, it is never freed',
    ]);
  });

  test('a driver that has read its node does not read it again', () => {
    const [step] = planChanges(facility(1), facility(2), { devices: [device] }).steps;
    expect(step?.warnings[1]).toBe(
      'nx-compress-pseries has read its node and reads it again only when it is bound again',
    );
  });

  test('tokens are read at boot only since 6.12', () => {
    const rtas = (token: number) => root(node('rtas', [cells('ibm,phandle', 5), cells('ibm,x', token)]));
    const count = (release: string) => planChanges(rtas(1), rtas(2), { release }).steps[0]?.warnings.length;
    expect([count('5.10.0'), count('6.1.0'), count('6.12.1'), count('7.2'), count('')]).toEqual([
      1, 1, 2, 2, 2,
    ]);
  });

  test('lockdown is an obstacle to every command', () => {
    expect(
      planChanges(facility(1), facility(2), { lockdown: 'integrity', release: '6.12' }).obstacles,
    ).toEqual(['kernel lockdown (integrity) refuses every command on 6.12']);
    expect(planChanges(facility(1), facility(2), { lockdown: 'none' }).obstacles).toEqual([]);
  });
});

describe('on the modelled kernel', () => {
  test.each(releaseNames)(
    '%s: after a migration under ignore the plan mends what the audit names',
    async (release) => {
      const [before, after] = [example('before.dts'), example('after.dts')];
      const firmware = createFirmware({ trees: [before, after], style: 'powervm', faults: [] });
      const partition = bootKernel({ tree: before, release, policy: 'ignore', firmware });
      const earlier = partition.observeSync();
      expect(partition.migrateSync(0x1234n, []).written.ok).toBe(true);
      const judged = (wanted?: Tree) => {
        const rest = { hasTree: true, leftOut: [], gaps: [] };
        const observed = { name: 'partition', observation: partition.observeSync(), ...rest };
        return audit(observed, {
          before: { name: 'before', observation: earlier, ...rest },
          ...(wanted && { wanted: captureOfTree(wanted, 'wanted', []) }),
        });
      };
      const leaves = ['ibm,random-v1', 'ibm,compression-v1', 'ibm,sym-encryption-v1'].map(
        (name) => `/ibm,platform-facilities/${name}`,
      );
      const blind = judged().verdict;
      expect(
        blind.findings.filter(({ rule }) => rule === 'ignored-update').map(({ subject }) => subject),
      ).toEqual(leaves);
      expect(
        judged(after)
          .verdict.findings.filter(({ rule }) => rule === 'stale-property')
          .map(({ subject }) => subject),
      ).toEqual(leaves.map((path) => `${path}/ibm,shared-interrupt-pool`));

      const plan = planChanges(partition.observeSync().tree, after, { release });
      expect(plan.needsRestart).toEqual([]);
      expect(plan.steps).toHaveLength(3);
      for (const { path, name, to, write } of plan.steps) {
        expect(partition.writeFileSync('/proc/ppc64/ofdt', write)).toEqual({ ok: true, value: write.length });
        expect(partition.readFileSync(`/proc/device-tree${path}/${name}`)).toEqual({ ok: true, value: to });
      }
      expect(judged(after).verdict.findings.filter(({ rule }) => rule === 'stale-property')).toEqual([]);
      partition.closeSync();
    },
  );

  test('any value arrives, byte by byte, and can be emptied and taken away', () => {
    const before = root(leaf(string('x', 'old')));
    const firmware = createFirmware({ trees: [before, before], style: 'properties', faults: [] });
    const partition = bootKernel({ tree: before, release: '6.12', firmware });
    const write = (wanted: Tree) => {
      for (const step of planChanges(partition.observeSync().tree, wanted).steps)
        partition.writeFileSync('/proc/ppc64/ofdt', step.write);
      const found = findByPath(partition.observeSync().tree, '/a');
      return found && property(found, 'x')?.value;
    };
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (value) => {
        expect(write(root(leaf({ name: 'x', value })))).toEqual(value);
      }),
      { seed: SEED, numRuns: 100 },
    );
    expect(write(root(leaf()))).toBeUndefined();
  });
});

test('a plan survives JSON, and what is no plan is refused', async () => {
  const plan = planChanges(
    root(leaf(string('gone', 'x'), string('old', 'a'))),
    root(leaf(string('old', 'b'), flag('new')), node('n')),
    { lockdown: 'integrity' },
  );
  const json = JSON.parse(JSON.stringify(planToJson(plan)));
  expect(await planFromJson(json, 'x')).toEqual(plan);
  const { needsRestart, ...rest } = json;
  expect(await planFromJson({ ...rest, version: 1, unmendable: needsRestart }, 'x')).toEqual(plan);
  await expect(planFromJson({ ...planToJson(plan), steps: [{ path: 7 }] }, 'x')).rejects.toThrow(
    'not a plan: steps.0.path: ',
  );
});

test('a plan reads as text', () => {
  const plan = planChanges(root(leaf(string('old', 'a'))), root(leaf(string('old', 'b')), node('n')), {
    release: '6.1',
    lockdown: 'integrity',
  });
  expect(planLines(plan)).toEqual([
    'obstacles',
    '  ! kernel lockdown (integrity) refuses every command on 6.1',
    '',
    'commands for /proc/ppc64/ofdt',
    '  1. /a:old',
    '     is:     "a"',
    '     wanted: "b"',
    "     printf 'update_property 0x7 old 2 b\\000' | dd obs=1048576 > /proc/ppc64/ofdt",
    '     ! leaks one reference to the node on 6.1: if the node is removed later, it is never freed',
    '',
    'needs a restart of the partition',
    '  /n',
    '    is missing; a node added by hand gets no device and no driver',
    '',
    '1 property to write, 1 difference needs a restart',
  ]);
  expect(planLines(planChanges(root(), root()))).toEqual(['nothing to do']);
});
