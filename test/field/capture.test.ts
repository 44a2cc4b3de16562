import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { readDirectory, writeDirectory } from '../../src/devicetree/directory.ts';
import {
  diffTrees,
  findByPath,
  property,
  sameTree,
  type TreeNode,
  walk,
} from '../../src/devicetree/index.ts';
import { audit, readCapture, readInput, readSalt, writeCapture } from '../../src/field/index.ts';
import { testWithCaptures } from '../support/captures.ts';
import { folder, machine, partitionTree } from './machine.ts';
import { header } from './tar.ts';

const when = new Date('2026-01-02T03:04:05.678Z');

/** A capture of the machine, as a file. */
async function captured(
  root: string,
  options: { redact?: boolean; salt?: string; devspec?: boolean } = {},
): Promise<string> {
  const path = join(folder(), 'capture.tar.gz');
  writeFileSync(path, writeCapture({ root, by: 'transplant test', when, ...options }).bytes);
  return path;
}

/** The machine's tree without what a capture leaves out. */
async function visibleTree(root: string) {
  const { tree } = await readDirectory(join(root, 'sys/firmware/devicetree/base'));
  const visible = (node: TreeNode): TreeNode => ({
    name: node.name,
    properties: node.name.startsWith('ibm,vtpm')
      ? []
      : node.properties.filter(({ name }) => !name.startsWith('security-')),
    children: node.children.map(visible),
  });
  return { ...tree, root: visible(tree.root) };
}

test('a capture holds the tree byte for byte, the bus, the log, and says what it left out', async () => {
  const root = await machine();
  const path = await captured(root);
  const { observation, manifest, leftOut, gaps, lockdown } = await readCapture(path);
  expect(sameTree(observation.tree, await visibleTree(root))).toBe(true);
  expect(findByPath(observation.tree, '/nothing-in-it')).toBeDefined();
  expect(observation.devices).toEqual([
    {
      name: '30000002',
      driver: 'ibmveth',
      ofNode: { state: 'resolves', target: '../../../firmware/devicetree/base/vdevice/l-lan@30000002' },
    },
    {
      name: 'ibm,compression-v1',
      driver: 'nx_compress_pseries',
      ofNode: {
        state: 'resolves',
        target: '../../../firmware/devicetree/base/ibm,platform-facilities/ibm,compression-v1',
      },
    },
    {
      name: 'ibm,random-v1',
      driver: 'pseries-rng',
      ofNode: {
        state: 'resolves',
        target: '../../../firmware/devicetree/base/ibm,platform-facilities/ibm,random-v1',
      },
    },
    {
      name: 'ibm,sym-encryption-v1',
      driver: null,
      ofNode: {
        state: 'resolves',
        target: '../../../firmware/devicetree/base/ibm,platform-facilities/ibm,sym-encryption-v1',
      },
    },
  ]);
  expect(observation.log).toEqual([
    { seconds: 0, level: 6, text: 'Linux version 6.1.0' },
    { seconds: 1.5, level: 5, text: 'north.example.com: lparnorth' },
  ]);
  expect(observation.platform).toMatchObject({
    kind: 'capture',
    release: '6.1.0-44-powerpc64le',
    policy: 'ignore (by its release)',
  });
  expect(observation.unread).toEqual([]);
  expect({ gaps, lockdown }).toEqual({ gaps: [], lockdown: 'none' });
  expect(leftOut.toSorted()).toEqual([
    '/security-password',
    '/vdevice/ibm,vtpm@30000003/ibm,secret',
    '/vdevice/ibm,vtpm@30000003/reg',
  ]);
  expect(manifest).toMatchObject({
    version: 1,
    when: '2026-01-02T03:04:05Z',
    host: 'north.example.com',
    redacted: false,
    by: 'transplant test',
  });
  expect(await readInput(path)).toMatchObject({ kind: 'capture', name: path, unread: [] });
});

test('secrets are nowhere in it, and devspec is not read unless asked for', async () => {
  const root = await machine();
  const archive = gunzipSync(readFileSync(await captured(root)));
  expect(archive.includes('hidden')).toBe(false);
  expect(archive.includes(Buffer.from([1, 2, 3, 0]))).toBe(false);
  expect(
    (await readCapture(await captured(root))).observation.devices.some(
      ({ devspec }) => devspec !== undefined,
    ),
  ).toBe(false);
  const withDevspec = await readCapture(await captured(root, { devspec: true }));
  expect(withDevspec.observation.devices[2]?.devspec).toBe('/ibm,platform-facilities/ibm,random-v1');
});

test('a link to a node that is gone is captured as dangling', async () => {
  const root = await machine({ dangling: ['ibm,random-v1'] });
  const { observation } = await readCapture(await captured(root));
  expect(observation.devices.map(({ ofNode }) => ofNode.state)).toEqual([
    'resolves',
    'resolves',
    'dangling',
    'resolves',
  ]);
});

test('redaction hides serial numbers and names everywhere, alike and at their length', async () => {
  const root = await machine();
  const plain = await readCapture(await captured(root));
  const path = await captured(root, { redact: true });
  const archive = gunzipSync(readFileSync(path)).toString('latin1');
  for (const hidden of ['10ABCDE', 'WZS00CH', 'lparnorth', 'north.example.com'])
    expect(archive).not.toContain(hidden);
  const { observation, manifest, leftOut } = await readCapture(path);
  expect(manifest).toMatchObject({ redacted: true });
  expect(manifest?.host).toBeUndefined();
  expect(leftOut).toContain('/vdevice/l-lan@30000002/local-mac-address');
  const text = (of: string, name: string) =>
    Buffer.from(property(findByPath(observation.tree, of) ?? partitionTree.root, name)?.value ?? []).toString(
      'latin1',
    );
  const serial = text('/', 'system-id').slice('IBM,02'.length, -1);
  expect(serial).toMatch(/^[0-9A-F]{7}$/);
  expect(text('/vdevice', 'ibm,drc-names')).toBe(`U9080.HEX.${serial}-V3-C2\0U9080.HEX.${serial}-V3-C3\0`);
  const partition = text('/', 'ibm,partition-name').slice(0, -1);
  expect(partition).toHaveLength('lparnorth'.length);
  expect(observation.log[1]?.text.split(': ')[1]).toBe(partition);
  // Everything else is as it was.
  const lengths = (tree: typeof observation.tree) =>
    Array.from(walk(tree), ({ path, node }) =>
      node.properties
        .filter(({ name }) => name !== 'local-mac-address')
        .map(({ name, value }) => `${path} ${name} ${value.length}`),
    );
  expect(lengths(observation.tree)).toEqual(lengths(plain.observation.tree));
  expect(observation.unread).toEqual([]);
});

test('captures with a salt in common can be compared, and do not hold it', async () => {
  const [salt, other] = ['0123456789abcdef', 'another secret of some length'].map((text, at) => {
    const file = join(folder(), `salt${at}`);
    writeFileSync(file, text);
    return { file, text, salt: readSalt(file) };
  });
  if (!salt || !other) throw new Error('two salts');
  const root = await machine();
  const files = await Promise.all([salt, salt, other].map(({ salt }) => captured(root, { salt })));
  const [one, again, different] = await Promise.all(files.map(readCapture));
  expect(one?.manifest).toMatchObject({ redacted: true });
  expect(one?.manifest?.host).toBeUndefined();
  expect(again?.observation).toEqual(one?.observation);
  const changed = diffTrees(
    one?.observation.tree ?? partitionTree,
    different?.observation.tree ?? partitionTree,
    { by: 'path' },
  );
  expect(changed.map((change) => 'name' in change && change.name)).toContain('system-id');
  const archive = gunzipSync(readFileSync(files[0] ?? '')).toString('latin1');
  for (const secret of [salt.text, salt.salt, salt.file, '10ABCDE', 'lparnorth'])
    expect(archive).not.toContain(secret);
});

test('a salt that is no secret, or no file, is refused', () => {
  const short = join(folder(), 'short');
  writeFileSync(short, '15 bytes, no more'.slice(0, 15));
  expect(() => readSalt(short)).toThrow('the salt has 15 bytes; it needs 16 or more');
  expect(() => readSalt('/dev/zero')).toThrow('not a file');
  expect(() => readSalt(join(short, 'none'))).toThrow('cannot read: ENOTDIR');
});

test('a partition name too short to be looked for elsewhere is hidden where it stands', async () => {
  const tree = {
    ...partitionTree,
    root: {
      ...partitionTree.root,
      properties: [
        { name: 'ibm,partition-name', value: new Uint8Array(Buffer.from('lp1\0')) },
        { name: 'model', value: new Uint8Array(Buffer.from('xlp1x\0')) },
      ],
    },
  };
  const { observation } = await readCapture(await captured(await machine({ tree }), { redact: true }));
  const [name, model] = ['ibm,partition-name', 'model'].map((of) =>
    Buffer.from(property(observation.tree.root, of)?.value ?? []).toString(),
  );
  expect(name).toMatch(/^[0-9A-F]{3}\0$/);
  expect(model).toBe('xlp1x\0');
});

test('a capture that was changed on the way says so', async () => {
  const archive = gunzipSync(readFileSync(await captured(await machine())));
  const at = archive.indexOf('IBM,9080-HEX\0');
  archive[at] = 0x58;
  const path = join(folder(), 'changed.tar.gz');
  writeFileSync(path, gzipSync(archive));
  const { observation, gaps } = await readCapture(path);
  expect(observation.unread).toEqual(['sys/firmware/devicetree/base/model: not as it was captured']);
  expect(gaps).toEqual(observation.unread);
});

test('a truncated capture says what is missing', async () => {
  const bytes = readFileSync(await captured(await machine()));
  const archive = gunzipSync(bytes);
  const path = join(folder(), 'cut.tar.gz');
  writeFileSync(path, gzipSync(archive.subarray(0, archive.length >> 1)));
  const { observation } = await readCapture(path);
  expect(observation.unread[0]).toMatch(/^the archive is truncated after \d+ members: /);
  expect(observation.unread.some((line) => line.endsWith('captured, but not in the archive'))).toBe(true);
});

test('a manifest that is wrong is refused with the place', async () => {
  const archive = gunzipSync(readFileSync(await captured(await machine())));
  const replaced = async (from: string, to: string) => {
    expect(to.length).toBe(from.length);
    const copy = Buffer.from(archive);
    copy.write(to, copy.indexOf(from), 'latin1');
    const path = join(folder(), 'wrong.tar.gz');
    writeFileSync(path, gzipSync(copy));
    return readCapture(path);
  };
  await expect(replaced('"version": 1', '"version": 7')).rejects.toThrow('a capture of another version');
  await expect(replaced('"redacted": false', '"redacted": 12345')).rejects.toThrow(
    'the manifest is wrong at redacted: ',
  );
  await expect(replaced('"format"', '"format')).rejects.toThrow();
  expect(header({ path: 'x' })).toHaveLength(512);
});

test('a machine without a device tree is not captured', () => {
  expect(() => writeCapture({ root: folder(), by: 'test' })).toThrow('no device tree');
});

test('a folder with a machine or an unpacked archive in it is a tree too', async () => {
  const root = await machine();
  const input = await readInput(root);
  expect(input.kind).toBe('archive');
  expect(findByPath(input.tree, '/ibm,platform-facilities/ibm,random-v1')).toBeDefined();
  const old = folder();
  await writeDirectory(partitionTree, join(old, 'tree'));
  expect((await readInput(join(old, 'tree'))).tree.root.children).toHaveLength(5);
});

testWithCaptures(
  'the POWER7 tree in its tar.bz2 is read without complaint, and but for dtc dropping names is the one in the blob',
  async (captures) => {
    const found = await readInput(join(captures, 'hwloc-256ppc-8n8s4t.tar.bz2'));
    expect({ kind: found.kind, unread: found.unread }).toEqual({ kind: 'archive', unread: [] });
    const cpus = findByPath(found.tree, '/cpus');
    expect(cpus?.children).toHaveLength(192);
    const blob = findByPath((await readInput(join(captures, 'p7-9179MHB-cpus-derived.dtb'))).tree, '/cpus');
    const sorted = (node: TreeNode | undefined) =>
      node?.children
        .map(({ name, properties }) => [
          name,
          properties
            .filter((one) => one.name !== 'name')
            .map((one) => [one.name, Buffer.from(one.value).toString('hex')])
            .sort(),
        ])
        .sort();
    expect(sorted(cpus)).toEqual(sorted(blob));
    const { verdict } = audit(await readCapture(join(captures, 'hwloc-256ppc-8n8s4t.tar.bz2')));
    expect(verdict.findings).toEqual([]);
  },
);
