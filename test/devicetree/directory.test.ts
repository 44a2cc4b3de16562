import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { InputError } from '../../src/base/index.ts';
import { readDirectory, writeDirectory } from '../../src/devicetree/directory.ts';
import { node, sameTree, type Tree, type TreeNode, tree } from '../../src/devicetree/index.ts';
import { text } from '../support/blobs.ts';
import { SEED, trees } from '../support/trees.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'transplant-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const byName = <T extends { name: string }>(one: T, other: T) => (one.name < other.name ? -1 : 1);

function sorted(of: TreeNode): TreeNode {
  return node(of.name, of.properties.toSorted(byName), of.children.map(sorted).toSorted(byName));
}

const value = text('x');

describe('reads', () => {
  test('files as properties and folders as nodes, sorted by the bytes of their names', async () => {
    mkdirSync(join(folder, 'cpus/cpu@10'), { recursive: true });
    mkdirSync(join(folder, 'cpus/cpu@8'));
    mkdirSync(join(folder, 'Z'));
    writeFileSync(join(folder, 'name'), '\0');
    writeFileSync(join(folder, '#size-cells'), Buffer.from([0, 0, 0, 2]));
    writeFileSync(join(folder, 'cpus/cpu@8/empty'), '');
    const { tree: read, complete, problems } = await readDirectory(folder);
    expect(read).toEqual(
      tree(
        node(
          '',
          [
            { name: '#size-cells', value: new Uint8Array([0, 0, 0, 2]) },
            { name: 'name', value: new Uint8Array(1) },
          ],
          [
            node('Z'),
            node('cpus', [], [node('cpu@10'), node('cpu@8', [{ name: 'empty', value: new Uint8Array(0) }])]),
          ],
        ),
      ),
    );
    expect(complete).toBe(true);
    expect(problems).toEqual([]);
  });

  test('names that are not UTF-8', async () => {
    mkdirSync(Buffer.from(`${folder}/\xe9@\xff`, 'latin1'));
    writeFileSync(Buffer.from(`${folder}/\xe9@\xff/\x80`, 'latin1'), 'x');
    const { tree: read } = await readDirectory(folder);
    expect(read.root.children).toEqual([node('\xe9@\xff', [{ name: '\x80', value }])]);
  });

  test('a folder whose own name is not ASCII, and one that is a link', async () => {
    mkdirSync(join(folder, 'Bäume'));
    writeFileSync(join(folder, 'Bäume/a'), 'x');
    symlinkSync(join(folder, 'Bäume'), join(folder, 'link'));
    for (const name of ['Bäume', 'link']) {
      const { tree: read, complete } = await readDirectory(join(folder, name));
      expect(read.root.properties).toEqual([{ name: 'a', value }]);
      expect(complete).toBe(true);
    }
  });

  test('links and pipes are left out and reported', async () => {
    mkdirSync(join(folder, 'a'));
    writeFileSync(join(folder, 'a/good'), 'x');
    symlinkSync('/etc/hostname', join(folder, 'a/file'));
    symlinkSync('..', join(folder, 'a/loop'));
    symlinkSync('nowhere', join(folder, 'broken'));
    expect(spawnSync('mkfifo', [join(folder, 'pipe')]).status).toBe(0);
    const { tree: read, complete, problems } = await readDirectory(folder);
    expect(read.root).toEqual(node('', [], [node('a', [{ name: 'good', value }])]));
    expect(complete).toBe(false);
    expect(problems).toEqual([
      { path: '/broken', reason: 'symbolic link: left out' },
      { path: '/pipe', reason: 'pipe, socket or device: left out' },
      { path: '/a/file', reason: 'symbolic link: left out' },
      { path: '/a/loop', reason: 'symbolic link: left out' },
    ]);
  });

  test('readable entries, and reports the others', async () => {
    mkdirSync(join(folder, 'secret'));
    writeFileSync(join(folder, 'secret/a'), 'x');
    writeFileSync(join(folder, 'open'), 'x');
    writeFileSync(join(folder, 'token'), 'x');
    chmodSync(folder, 0o755);
    chmodSync(join(folder, 'secret'), 0);
    chmodSync(join(folder, 'token'), 0);
    // Nothing is denied to root.
    const root = process.geteuid?.() === 0;
    if (root) process.seteuid?.(65534);
    try {
      const { tree: read, complete, problems } = await readDirectory(folder);
      expect(read.root).toEqual(node('', [{ name: 'open', value }], [node('secret')]));
      expect(complete).toBe(false);
      expect(problems).toEqual([
        { path: '/token', reason: 'permission denied' },
        { path: '/secret', reason: 'permission denied' },
      ]);
    } finally {
      if (root) process.seteuid?.(0);
      chmodSync(join(folder, 'secret'), 0o700);
    }
  });

  test('no more than the options allow', async () => {
    mkdirSync(join(folder, 'a/b/c'), { recursive: true });
    writeFileSync(join(folder, 'a/long'), new Uint8Array(11));
    writeFileSync(join(folder, 'a/short'), new Uint8Array(10));
    writeFileSync(join(folder, 'a/tiny'), new Uint8Array(1));
    const long = await readDirectory(folder, { maxFileSize: 10 });
    expect(long.problems).toEqual([{ path: '/a/long', reason: 'more than 10 bytes' }]);
    expect(long.tree.root.children[0]?.properties.map(({ name }) => name)).toEqual(['short', 'tiny']);

    const bytes = await readDirectory(folder, { maxBytes: 12 });
    expect(bytes.problems).toEqual([{ path: '/a/short', reason: 'more than 1 bytes' }]);

    const deep = await readDirectory(folder, { maxDepth: 2 });
    expect(deep.problems).toEqual([{ path: '/a/b/c', reason: 'more than 2 levels deep: left out' }]);

    const many = await readDirectory(folder, { maxEntries: 3 });
    expect(many.problems[0]).toEqual({
      path: '/a',
      reason: 'too many files and folders: the rest is left out',
    });
    expect(many.complete).toBe(false);
  });

  test('files of unknown size', async () => {
    // Every file of /proc reports size 0.
    const { tree: read } = await readDirectory('/proc/self/attr', { maxDepth: 0 });
    expect(read.root.children).toEqual([]);
    const limits = await readDirectory('/proc/sys/kernel/random', { maxDepth: 0 });
    const uuid = limits.tree.root.properties.find(({ name }) => name === 'uuid');
    expect(uuid?.value).toHaveLength(37);
  });

  test.each([
    ['missing', 'cannot read: no such file or folder'],
    ['file', 'not a folder'],
  ])('not what is %s', async (name, message) => {
    writeFileSync(join(folder, 'file'), '');
    const path = join(folder, name);
    await expect(readDirectory(path)).rejects.toThrow(new InputError(message, { file: path }));
  });
});

/** Whether there can be files of all names. */
function canBeFiles({ name, properties, children }: TreeNode): boolean {
  const names = [...properties, ...children].map((part) => part.name);
  if (name === '.' || name === '..' || names.includes('.') || names.includes('..')) return false;
  return new Set(names).size === names.length && children.every(canBeFiles);
}

describe('writes', () => {
  test('what it reads', async () => {
    let count = 0;
    await fc.assert(
      fc.asyncProperty(trees({ names: 'latin1' }), async (generated) => {
        fc.pre(canBeFiles(generated.root));
        count += 1;
        const path = join(folder, `${count}`);
        await writeDirectory(generated, path);
        const read = await readDirectory(path);
        return read.complete && sameTree(read.tree, tree(sorted(generated.root)));
      }),
      { seed: SEED, numRuns: 50 },
    );
    // Nothing else stays behind.
    expect(readdirSync(folder)).toHaveLength(count);
  });

  test('into an empty folder', async () => {
    await writeDirectory(tree(node('', [{ name: 'a', value }])), folder);
    expect(readFileSync(join(folder, 'a'), 'utf8')).toBe('x');
  });

  test.each(['full', 'file', 'link', 'full/'])('over nothing: %s', async (name) => {
    mkdirSync(join(folder, 'full'));
    mkdirSync(join(folder, 'empty'));
    writeFileSync(join(folder, 'full/mine'), 'mine');
    writeFileSync(join(folder, 'file'), 'mine');
    symlinkSync('empty', join(folder, 'link'));
    const before = readdirSync(folder, { recursive: true });
    const path = `${folder}/${name}`;
    await expect(writeDirectory(tree(node('')), path)).rejects.toMatchObject({
      name: 'InputError',
      message: 'there is something already',
      where: { file: path },
    });
    expect(readdirSync(folder, { recursive: true })).toEqual(before);
  });

  test('nothing where it may not', async () => {
    const path = join(folder, 'no/where');
    await expect(writeDirectory(tree(node('')), path)).rejects.toThrow(
      new InputError('cannot write: no such file or folder', { file: path }),
    );
  });

  const property = (name: string) => ({ name, value });
  const deep = (levels: number): TreeNode => {
    let below = node('n');
    for (let level = 1; level < levels; level += 1) below = node('n', [], [below]);
    return below;
  };
  test.each<[string, TreeNode, string | undefined]>([
    ['a slash', node('', [property('../escaped')]), '/:../escaped'],
    ['a slash in a node', node('', [], [node('a'), node('b/c')]), '/b/c'],
    ['NUL', node('', [], [node('a', [property('b\0')])]), '/a:b\0'],
    ['its own folder', node('', [], [node('.')]), '/.'],
    ['the folder above', node('', [], [node('a', [], [node('..')])]), '/a/..'],
    ['no name', node('', [property('')]), '/:'],
    ['no bytes', node('', [property('Ω')]), '/:Ω'],
    ['two properties', node('', [property('a'), property('a')]), '/:a'],
    ['two children', node('', [], [node('a'), node('a')]), '/a'],
    ['a property and a child', node('', [property('a')], [node('a')]), '/a'],
    ['too long a name', node('', [property('p'.repeat(256))]), `/:${'p'.repeat(256)}`],
    ['too deep a place', node('', [], [deep(10_000)]), undefined],
  ])('no file for %s', async (_, root, where) => {
    const path = join(folder, 'new');
    const refused = expect.objectContaining({
      name: 'InputError',
      where: { path: where ?? expect.stringMatching(/^(\/n)+$/) },
    });
    await expect(writeDirectory(tree(root), path)).rejects.toEqual(refused);
    expect(existsSync(path)).toBe(false);
    expect(readdirSync(folder)).toEqual([]);
  });

  test('all or nothing', async () => {
    const lost: Tree = tree(
      node(
        '',
        [property('a')],
        [
          node('b', [
            property('c'),
            {
              name: 'd',
              get value(): never {
                throw new Error('no more');
              },
            },
          ]),
        ],
      ),
    );
    const path = join(folder, 'new');
    await expect(writeDirectory(lost, path)).rejects.toThrow('no more');
    expect(readdirSync(folder)).toEqual([]);
  });
});
