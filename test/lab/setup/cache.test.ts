import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { EnvironmentError } from '../../../src/base/index.ts';
import { cacheFolder, newRunFolder, writeAtomically } from '../../../src/lab/setup/cache.ts';
import { currentProcess, ownerFromName } from '../../../src/lab/setup/owner.ts';
import { scratch } from './scratch.ts';

test('the environment determines the path of the cache', () => {
  expect(cacheFolder({ TRANSPLANT_CACHE: '/a/b', XDG_CACHE_HOME: '/x' })).toBe('/a/b');
  expect(cacheFolder({ XDG_CACHE_HOME: '/x' })).toBe('/x/transplant');
  expect(cacheFolder({ XDG_CACHE_HOME: 'relative' })).toBe(join(homedir(), '.cache/transplant'));
  expect(cacheFolder({})).toBe(join(homedir(), '.cache/transplant'));
});

test('a complete folder replaces the previous one', async () => {
  const cache = scratch();
  const target = join(cache, 'kernels', 'one');
  for (const text of ['first', 'second']) {
    await writeAtomically(cache, target, async (folder) => {
      expect(ownerFromName(basename(folder))).toEqual(currentProcess());
      writeFileSync(join(folder, text), text);
      return undefined;
    });
    expect(readdirSync(target)).toEqual([text]);
  }
  expect(readdirSync(join(cache, 'tmp'))).toEqual([]);
});

test('only the path that the writer returns is moved', async () => {
  const cache = scratch();
  await writeAtomically(cache, join(cache, 'file'), async (folder) => {
    writeFileSync(join(folder, 'aside'), '');
    writeFileSync(join(folder, 'result'), 'result');
    return join(folder, 'result');
  });
  expect(readFileSync(join(cache, 'file'), 'utf8')).toBe('result');
  expect(readdirSync(join(cache, 'tmp'))).toEqual([]);
});

test('a writer that fails leaves the cache unchanged', async () => {
  const cache = scratch();
  const target = join(cache, 'kernels', 'one');
  mkdirSync(target, { recursive: true });
  writeFileSync(join(target, 'old'), 'old');
  const broken = writeAtomically(cache, target, async (folder) => {
    writeFileSync(join(folder, 'half'), 'half');
    throw new EnvironmentError('connection lost');
  });
  await expect(broken).rejects.toThrow('connection lost');
  expect(readdirSync(target)).toEqual(['old']);
  expect(readdirSync(join(cache, 'tmp'))).toEqual([]);
});

test('the folder of a guest is private and has the tag of this process', () => {
  const folder = newRunFolder(join(scratch(), 'run'));
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  expect(ownerFromName(basename(folder))).toEqual(currentProcess());
});

test('a parent folder that other users can access is an error', () => {
  const root = join(scratch(), 'run');
  mkdirSync(root);
  chmodSync(root, 0o755);
  expect(() => newRunFolder(root)).toThrow(EnvironmentError);
});
