import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import * as peer from 'tar';
import { expect, test } from 'vitest';
import { InputError } from '../../src/base/index.ts';
import { readDirectory, writeDirectory } from '../../src/devicetree/directory.ts';
import { findByPath, sameTree, type TreeNode, tree } from '../../src/devicetree/index.ts';
import { type Packing, packingOf } from '../../src/field/archive/decompress.ts';
import { defaultLimits, type Limits } from '../../src/field/archive/limits.ts';
import { writeTar } from '../../src/field/archive/tar-writer.ts';
import { readInput } from '../../src/field/index.ts';
import type { Archive } from '../../src/field/support/collector.ts';
import { readArchive } from '../../src/field/support/read-archive.ts';
import { treeOfFiles } from '../../src/field/support/tree-of-files.ts';
import { mutants } from '../support/mutate.ts';
import { SEED, trees } from '../support/trees.ts';
import { folder, partitionTree } from './machine.ts';
import { testWith } from './programs.ts';
import { header, pax, type Raw, tar } from './tar.ts';

async function* chunksOf(bytes: Uint8Array, size = 64 << 10) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function read(
  bytes: Uint8Array,
  options: { limits?: Partial<Limits>; chunk?: number; packing?: Packing } = {},
): Promise<Archive> {
  const packing = options.packing ?? packingOf(bytes) ?? 'none';
  return readArchive(chunksOf(bytes, options.chunk), packing, 'evil.tar', {
    ...defaultLimits,
    ...options.limits,
  });
}

/** Returns the error message for an archive that is refused. */
async function refusal(bytes: Uint8Array, options: Parameters<typeof read>[1] = {}): Promise<string> {
  const error = await read(bytes, options).then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(error).toBeInstanceOf(InputError);
  return (error as InputError).message;
}

const inTree = (path: string, more: Partial<Raw> = {}): Raw => ({
  path: `host/proc/device-tree/${path}`,
  ...more,
});

test('a tree is read from proc/device-tree, names and bytes as they are', async () => {
  const found = await read(
    tar(
      inTree('', { flag: '5' }),
      inTree('cpus/', { flag: '5' }),
      inTree('cpus/reg', { bytes: new Uint8Array([0, 1, 255]) }),
      inTree('cpus/flag'),
      { path: './host/etc/passwd', bytes: 'not wanted' },
    ),
  );
  expect(found).toMatchObject({ top: 'host', treeRoot: 'proc/device-tree', notes: [] });
  expect(found.files.size).toBe(0);
  const tree = treeOfFiles(found.tree);
  expect(findByPath(tree, '/cpus')?.properties).toEqual([
    { name: 'flag', value: new Uint8Array(0) },
    { name: 'reg', value: new Uint8Array([0, 1, 255]) },
  ]);
});

test.each<[string, readonly Raw[]]>([
  ['by dots', [inTree('../../../etc/passwd', { bytes: 'x' })]],
  ['by dots in the middle', [inTree('a/../../../../x')]],
  ['from the root', [{ path: '/etc/passwd', bytes: 'x' }]],
  ['by a pax header', [pax({ path: '../x' }), inTree('a')]],
  ["by GNU's long name", [{ path: 'long', flag: 'L', bytes: '../../x\0' }, inTree('a')]],
])('a path that leaves the folder is refused: %s', async (_, members) => {
  expect(await refusal(tar(...members))).toMatch(/^refused: a member leaves the folder: "/);
});

test('links, devices and pipes in the tree are ignored and said', async () => {
  const found = await read(
    tar(
      inTree('a', { flag: '2', target: '/etc' }),
      inTree('a/passwd', { bytes: 'mine' }),
      inTree('b', { flag: '1', target: 'host/etc/shadow' }),
      inTree('c', { flag: '3' }),
      inTree('d', { flag: '4' }),
      inTree('e', { flag: '6' }),
      inTree('f', { flag: 'S' }),
    ),
  );
  expect(found.notes).toEqual([
    'host/proc/device-tree/a: link, ignored',
    'host/proc/device-tree/b: hard link, ignored',
    'host/proc/device-tree/c: device, ignored',
    'host/proc/device-tree/d: device, ignored',
    'host/proc/device-tree/e: fifo, ignored',
    'host/proc/device-tree/f: unknown kind, ignored',
  ]);
  // The file "below the link" is a name like any other: nothing went through the link.
  expect(Array.from(found.tree.keys())).toEqual(['a/passwd']);
});

test('notes are counted beyond the first twenty', async () => {
  const links = Array.from({ length: 50 }, (_, index) => inTree(`l${index}`, { flag: '2', target: 'x' }));
  const { notes } = await read(tar(inTree('a'), ...links));
  expect(notes).toHaveLength(21);
  expect(notes.at(-1)).toBe('30 more devices, links and the like, ignored');
});

test('a bomb is refused before it fills anything', async () => {
  const zeros = gzipSync(Buffer.concat([header({ path: 'zeros', size: 66 << 20 }), Buffer.alloc(66 << 20)]));
  expect(zeros.length).toBeLessThan(200_000);
  expect(await refusal(zeros)).toMatch(/^refused: \d+ bytes out of \d+: a decompression bomb$/);
});

test('what claims to be large is refused by its claim', async () => {
  expect(await refusal(tar(inTree('huge', { size: 2 ** 40 })))).toBe(
    `refused: host/proc/device-tree/huge is of ${2 ** 40} bytes`,
  );
  expect(await refusal(tar(pax({ size: String(2 ** 45) }), inTree('a')))).toMatch(
    /is of 35184372088832 bytes$/,
  );
  expect(await refusal(tar({ path: 'x', flag: 'x', size: 1 << 30 }))).toBe(
    'refused: a header of 1073741824 bytes',
  );
  expect(await refusal(tar(pax({ size: '-1' }), inTree('a')))).toBe('a size of -1');
});

test('many small ones are refused by their sum, deep ones by their depth, long ones by their length', async () => {
  const some = Array.from({ length: 9 }, (_, index) => inTree(`p${index}`, { bytes: 'x'.repeat(100) }));
  expect(await refusal(tar(...some), { limits: { keptBytes: 800 } })).toBe(
    'refused: more than 800 bytes of device tree and logs',
  );
  expect(await refusal(tar(inTree('a'), ...some), { limits: { unpackedBytes: 4096 }, chunk: 512 })).toBe(
    'refused: more than 4096 bytes after decompression',
  );
  expect(await refusal(tar(pax({ path: 'd/'.repeat(200) }), inTree('a')))).toBe(
    'refused: a path of more than 80 names',
  );
  expect(await refusal(tar(pax({ path: 'd'.repeat(5000) }), inTree('a')))).toBe(
    'refused: a name of more than 4096 bytes',
  );
});

test('a million members are refused at the bound', async () => {
  const thousand = Buffer.concat(Array.from({ length: 1000 }, (_, index) => header(inTree(`p${index}`))));
  async function* million() {
    for (let count = 0; count < 1000; count += 1) yield thousand;
  }
  await expect(readArchive(million(), 'none', 'many.tar')).rejects.toThrow(
    'refused: more than 500000 members',
  );
});

test('a truncated archive says so, wherever it is cut, and keeps what came before', async () => {
  const whole = tar(inTree('one', { bytes: 'x'.repeat(700) }), inTree('two', { bytes: 'y' }));
  for (let length = 1; length < whole.length - 1023; length += 97) {
    const { notes, tree } = await read(whole.subarray(0, length), { packing: 'none' });
    expect(notes[0]).toMatch(/^the archive is truncated after [012] members: /);
    expect(tree.has('one')).toBe(length >= 3 * 512);
  }
  const packed = gzipSync(whole);
  for (const length of [20, packed.length >> 1, packed.length - 4])
    expect((await read(packed.subarray(0, length))).notes[0]).toMatch(
      /^the archive is truncated after \d members: /,
    );
});

testWith('xz', 'xz is read, and truncated xz is said to be', async () => {
  const whole = tar(
    ...Array.from({ length: 500 }, (_, index) => inTree(`p${index}`, { bytes: `${index * 7919}` })),
  );
  const packed = spawnSync('xz', ['-c'], { input: whole, maxBuffer: 1 << 28 }).stdout;
  expect((await read(packed)).tree.size).toBe(500);
  expect((await read(packed.subarray(0, packed.length >> 1))).notes[0]).toMatch(
    /^the archive is truncated after \d+ members: /,
  );
  const wrong = Buffer.from(packed);
  wrong[packed.length >> 1] = (wrong[packed.length >> 1] ?? 0) ^ 0xff;
  expect(await refusal(wrong)).toMatch(/^the archive is damaged: /);
});

testWith('xz', 'xz that wants a gigabyte for its dictionary is refused', async () => {
  const greedy = spawnSync('xz', ['-c', '--lzma2=dict=1GiB'], {
    input: tar(inTree('a')),
    maxBuffer: 1 << 28,
  }).stdout;
  expect(await refusal(greedy)).toBe('refused: it needs too much memory to unpack');
});

testWith('bzip2', 'bzip2 is read, and truncated bzip2 is said to be', async () => {
  const packed = spawnSync('bzip2', ['-c'], {
    input: tar(inTree('a', { bytes: 'x' })),
    maxBuffer: 1 << 28,
  }).stdout;
  expect((await read(packed)).tree.get('a')).toEqual(new Uint8Array([0x78]));
  expect((await read(packed.subarray(0, packed.length - 8))).notes[0]).toMatch(
    /^the archive is truncated after /,
  );
});

test('what is no archive is refused with the place', async () => {
  expect(await refusal(Buffer.from('x'.repeat(600)), { packing: 'none' })).toBe('not an archive');
  const broken = tar(inTree('a'), inTree('b'));
  broken[512] = 0xff;
  const error = await read(broken).catch((error: unknown) => error);
  expect(error).toMatchObject({ message: 'the archive is damaged: no header here', where: { offset: 512 } });
});

test('an archive without a device tree is refused by readInput', async () => {
  const path = join(folder(), 'a.tar');
  writeFileSync(path, tar({ path: 'host/etc/os-release', bytes: 'x' }));
  await expect(readInput(path)).rejects.toThrow('neither a device tree nor a kernel log in it');
});

test('of two device trees in one archive the fuller one is taken', async () => {
  const found = await read(
    tar(
      { path: 'sos/proc/device-tree', flag: '2', target: '../sys/firmware/devicetree/base' },
      { path: 'sos/proc/device-tree/model', bytes: 'x' },
      { path: 'sos/sys/firmware/devicetree/base/model', bytes: 'x' },
      { path: 'sos/sys/firmware/devicetree/base/cpus/reg', bytes: 'x' },
    ),
  );
  expect(found.treeRoot).toBe('sys/firmware/devicetree/base');
  expect(found.tree.size).toBe(2);
});

test('any tree comes back from an archive, names in order, in chunks of any size', async () => {
  const byName = (one: { name: string }, other: { name: string }) => (one.name < other.name ? -1 : 1);
  const ordered = ({ name, properties, children }: TreeNode): TreeNode => ({
    name,
    properties: properties.toSorted(byName),
    children: children.map(ordered).sort(byName),
  });
  await fc.assert(
    fc.asyncProperty(
      trees({ names: 'latin1', maxNodes: 8 }),
      fc.integer({ min: 1, max: 2000 }),
      async ({ root }, chunk) => {
        const folders: string[] = [];
        const files: [string, Uint8Array][] = [];
        const visit = (node: TreeNode, path: string) => {
          // Two names mean other folders, which no archive of a tree can hold.
          fc.pre([...node.children, ...node.properties].every(({ name }) => name !== '.' && name !== '..'));
          folders.push(`t/proc/device-tree${path}`);
          for (const { name, value } of node.properties)
            files.push([`t/proc/device-tree${path}/${name}`, value]);
          for (const child of node.children) visit(child, `${path}/${child.name}`);
        };
        visit(root, '');
        const bytes = Buffer.concat(Array.from(writeTar(folders, files, 0)));
        const archive = await read(bytes, { chunk, packing: 'none' });
        expect(archive.notes).toEqual([]);
        expect(sameTree(treeOfFiles(archive.tree), tree(ordered(root)))).toBe(true);
      },
    ),
    { seed: SEED, numRuns: 100 },
  );
});

test('node-tar reads what we write, and we read what it writes', async () => {
  const place = folder();
  const long = `${'n'.repeat(90)}/${'m'.repeat(90)}`;
  const files: [string, Uint8Array][] = [
    ['top/proc/device-tree/a', new Uint8Array([1, 2, 3])],
    [`top/proc/device-tree/${long}`, new Uint8Array(600)],
  ];
  writeFileSync(join(place, 'ours.tar'), Buffer.concat(Array.from(writeTar(['top'], files, 0))));
  const seen: string[] = [];
  await peer.list({
    file: join(place, 'ours.tar'),
    strict: true,
    onReadEntry: (entry) => seen.push(`${entry.path} ${entry.size}`),
  });
  expect(seen).toEqual(['top/ 0', 'top/proc/device-tree/a 3', `top/proc/device-tree/${long} 600`]);

  await writeDirectory(partitionTree, join(place, 'device-tree'));
  mkdirSync(join(place, 'host/proc'), { recursive: true });
  await writeDirectory(partitionTree, join(place, 'host/proc/device-tree'));
  await peer.create({ file: join(place, 'theirs.tar.gz'), gzip: true, cwd: place }, ['host']);
  const input = await readInput(join(place, 'theirs.tar.gz'));
  expect(input).toMatchObject({ kind: 'archive', unread: [] });
  expect(sameTree(input.tree, (await readDirectory(join(place, 'device-tree'))).tree)).toBe(true);
});

test('mutated archives are read, or refused as bad input, and nothing else', async () => {
  const small = tar(
    inTree('a', { bytes: 'x' }),
    pax({ path: 'host/proc/device-tree/long' }),
    inTree('b', { bytes: 'yy' }),
  );
  const originals = [small, gzipSync(small)];
  const outcomes = new Set<string>();
  for (const { bytes, history } of mutants(originals, 400, SEED)) {
    const packing = packingOf(bytes) ?? 'none';
    const result = await read(bytes, { packing }).then(
      () => 'read',
      (error: unknown) => (error instanceof InputError ? 'refused' : `${history}: ${error}`),
    );
    outcomes.add(result);
  }
  expect(Array.from(outcomes).sort()).toEqual(['read', 'refused']);
});
