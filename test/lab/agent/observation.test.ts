import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type TreeNode, tree } from '../../../src/devicetree/index.ts';
import { parseObservation } from '../../../src/lab/agent/observation.ts';
import { SEED, trees } from '../../support/trees.ts';
import { testWith } from '../setup/needs.ts';
import { scratch } from '../setup/scratch.ts';

const log = '<6>[    1.000000] a line\n';

/** Output of busybox's tar for a folder and links of devices, called as in `op_observe`. */
function tar(folder: string, links: readonly string[] = []): Buffer {
  return execFileSync('busybox', ['tar', '-c', '-f', '-', '.', ...links], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

function answer(archive: Buffer, before = log, after = ''): Buffer {
  return Buffer.concat([Buffer.from(`${before}\ntar\n`), archive, Buffer.from(after)]);
}

/** Writes a tree below a folder, as in sysfs. */
function makeFolder(path: string, { properties, children }: TreeNode): void {
  // One character of a name is one byte.
  mkdirSync(Buffer.from(path, 'latin1'));
  for (const { name, value } of properties) writeFileSync(Buffer.from(`${path}/${name}`, 'latin1'), value);
  for (const child of children) makeFolder(`${path}/${child.name}`, child);
}

/** The tree without entries that a folder cannot have: duplicate names, `.` and `..`. */
function shaped({ name, properties, children }: TreeNode): TreeNode {
  const taken = new Set(['.', '..']);
  const free = <T extends { readonly name: string }>(entry: T) => {
    if (taken.has(entry.name)) return false;
    taken.add(entry.name);
    return true;
  };
  return { name, properties: properties.filter(free), children: children.map(shaped).filter(free) };
}

function sorted({ name, properties, children }: TreeNode): TreeNode {
  const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1);
  return {
    name,
    properties: properties.map((entry) => ({ ...entry, value: Uint8Array.from(entry.value) })).sort(byName),
    children: children.map(sorted).sort(byName),
  };
}

testWith(['busybox'], 'a tree is read as it was written, except for the order of siblings', () => {
  const folder = scratch();
  let count = 0;
  fc.assert(
    fc.property(trees({ names: 'latin1', maxNodes: 8 }), ({ root }) => {
      const onDisk = shaped(root);
      const base = join(folder, String(count++));
      makeFolder(base, onDisk);
      const seen = parseObservation(answer(tar(base)));
      expect(seen.unread).toEqual([]);
      expect(sorted(seen.tree.root)).toEqual(sorted(onDisk));
    }),
    { seed: SEED, numRuns: 15 },
  );
});

testWith(['busybox'], 'paths longer than a header’s field', () => {
  const long = 'n'.repeat(90);
  const root: TreeNode = {
    name: '',
    properties: [],
    children: [
      {
        name: long,
        properties: [],
        children: [{ name: long, properties: [{ name: long, value: Uint8Array.of(1) }], children: [] }],
      },
    ],
  };
  const folder = join(scratch(), 'base');
  makeFolder(folder, root);
  expect(sorted(parseObservation(answer(tar(folder))).tree.root)).toEqual(root);
});

testWith(['busybox'], 'devices with driver, link and target', () => {
  const folder = scratch();
  const bus = join(folder, 'sys/bus/vio/devices');
  mkdirSync(bus, { recursive: true });
  const node = (name: string) => `../../../firmware/devicetree/base/ibm,platform-facilities/${name}`;
  const links: string[] = [];
  for (const [name, driver, ofNode] of [
    ['ibm,random-v1', 'pseries_rng', node('ibm,random-v1')],
    ['ibm,sym-encryption-v1', undefined, node('ibm,sym-encryption-v1')],
    ['30000000', 'hvc_console', undefined],
  ] as const) {
    // The folder of devices contains links, which are passed to busybox by name.
    mkdirSync(join(folder, 'devices', name), { recursive: true });
    symlinkSync(join(folder, 'devices', name), join(bus, name));
    links.push(`sys/bus/vio/devices/${name}`);
    for (const [link, target] of [
      ['driver', driver && `../../../bus/vio/drivers/${driver}`],
      ['of_node', ofNode],
    ] as const) {
      if (target === undefined) continue;
      symlinkSync(target, join(bus, name, link));
      links.push(`sys/bus/vio/devices/${name}/${link}`);
    }
  }
  const archive = execFileSync('busybox', ['tar', '-c', '-f', '-', ...links], { cwd: folder });
  const seen = parseObservation(
    answer(archive, `${log}resolves /sys/bus/vio/devices/ibm,sym-encryption-v1/of_node/.\n`),
  );
  expect(seen.devices).toEqual([
    { name: '30000000', driver: 'hvc_console', ofNode: { state: 'absent' } },
    {
      name: 'ibm,random-v1',
      driver: 'pseries_rng',
      ofNode: { state: 'dangling', target: node('ibm,random-v1') },
    },
    {
      name: 'ibm,sym-encryption-v1',
      driver: null,
      ofNode: { state: 'resolves', target: node('ibm,sym-encryption-v1') },
    },
  ]);
  expect(seen.log).toEqual([{ seconds: 1, level: 6, text: 'a line' }]);
  expect(seen.tree).toEqual(tree({ name: '', properties: [], children: [] }));
});

testWith(['busybox'], 'files that tar could not read are listed with the reason', () => {
  const errors = "tar: removing leading '/' from member names\ntar: can't open 'x/y': Input/output error\n";
  expect(parseObservation(answer(tar(scratch()), log, errors)).unread).toEqual([
    "tar: can't open 'x/y': Input/output error",
  ]);
});

testWith(['busybox'], 'a truncated archive gives its complete members and is reported', () => {
  const folder = join(scratch(), 'base');
  makeFolder(folder, {
    name: '',
    properties: [{ name: 'model', value: Buffer.from('a model\0') }],
    children: [{ name: 'cpus', properties: [{ name: 'reg', value: new Uint8Array(700) }], children: [] }],
  });
  const archive = tar(folder);
  const end = archive.length - 1024;
  for (let length = 0; length < end; length += 100) {
    const seen = parseObservation(answer(archive.subarray(0, length)));
    expect(seen.unread).toEqual(['/: the archive of the tree is incomplete']);
    expect(seen.log).toHaveLength(1);
  }
  expect(parseObservation(answer(archive.subarray(0, end + 512))).unread).toEqual([]);
});

test('an empty answer is an empty observation and is reported', () => {
  expect(parseObservation(Buffer.alloc(0))).toEqual({
    tree: tree({ name: '', properties: [], children: [] }),
    unread: ['/: the archive of the tree is incomplete'],
    devices: [],
    log: [],
  });
});

test('reading ends for any archive', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 3000, size: 'max' }), (bytes) => {
      expect(parseObservation(answer(Buffer.from(bytes))).log).toHaveLength(1);
    }),
    { seed: SEED, numRuns: 100 },
  );
});
