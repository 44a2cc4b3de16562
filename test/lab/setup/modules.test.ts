import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { collectModules, dependencies } from '../../../src/lab/setup/modules.ts';
import { testWith } from './needs.ts';
import { scratch } from './scratch.ts';

const module = (depends: string) => Buffer.from(`\x7fELF code\0license=GPL\0depends=${depends}\0name=x\0`);

test.each([
  ['none', 'a\0depends=\0b', []],
  ['one', 'a\0depends=x\0b', ['x']],
  ['several', 'a\0depends=x,y-z\0b', ['x', 'y-z']],
  ['at the start and the end of the file', 'depends=x', ['x']],
  ['no such field, though another ends so', 'a\0softdepends-x\0', []],
])('dependencies: %s', (_, text, expected) => {
  expect(dependencies(Buffer.from(text))).toEqual(expected);
});

test('dependencies come before a module, absent modules are skipped', async () => {
  const from = scratch();
  const to = join(scratch(), 'modules');
  mkdirSync(join(from, 'kernel/deep/deeper'), { recursive: true });
  const files: Record<string, Buffer> = {
    'kernel/pseries-rng.ko': module('rng_core'),
    'kernel/deep/rng-core.ko': module(''),
    'kernel/deep/deeper/nx-compress-pseries.ko.gz': gzipSync(module('nx-compress,842_decompress')),
    'kernel/nx-compress.ko': module('842_decompress'),
    'kernel/842_decompress.ko': module(''),
    'kernel/unwanted.ko': module(''),
    'modules.dep': Buffer.from('not read'),
  };
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(from, name), bytes);
  const written = [
    'rng-core.ko',
    'pseries-rng.ko',
    '842_decompress.ko',
    'nx-compress.ko',
    'nx-compress-pseries.ko',
  ];
  expect(await collectModules(from, to)).toEqual(written);
  expect(readdirSync(to).sort()).toEqual([...written].sort());
  expect(readFileSync(join(to, 'nx-compress-pseries.ko'))).toEqual(module('nx-compress,842_decompress'));
});

test('circular dependencies end', async () => {
  const from = scratch();
  writeFileSync(join(from, 'pseries-rng.ko'), module('nx-compress'));
  writeFileSync(join(from, 'nx-compress.ko'), module('pseries-rng'));
  expect(await collectModules(from, scratch())).toEqual(['nx-compress.ko', 'pseries-rng.ko']);
});

testWith(['xz', 'zstd'], 'modules compressed by xz and zstd are decompressed', async () => {
  const from = scratch();
  const to = scratch();
  writeFileSync(join(from, 'pseries-rng.ko.xz'), execFileSync('xz', ['-c'], { input: module('') }));
  writeFileSync(join(from, 'nx-compress.ko.zst'), execFileSync('zstd', ['-cq'], { input: module('') }));
  for (const name of await collectModules(from, to)) expect(readFileSync(join(to, name))).toEqual(module(''));
  expect(readdirSync(to).sort()).toEqual(['nx-compress.ko', 'pseries-rng.ko']);
});

test('without a folder there are no modules', async () => {
  expect(await collectModules(undefined, '/nowhere')).toEqual([]);
});
