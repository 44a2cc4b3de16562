import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { AGENT_SCRIPT } from '../../../../src/lab/agent/index.ts';
import { buildInitramfs } from '../../../../src/lab/agent/initramfs/index.ts';
import { INIT_SCRIPT } from '../../../../src/lab/agent/initramfs/init-script.ts';
import type { Kernel } from '../../../../src/lab/setup/index.ts';
import { testWith } from '../../setup/needs.ts';
import { scratch } from '../../setup/scratch.ts';

function kernelIn(folder: string): Kernel {
  const modules = ['z-first.ko', 'a-second.ko'].map((name) => join(folder, name));
  for (const path of modules) writeFileSync(path, `module ${path}`);
  const busybox = join(folder, 'busybox');
  writeFileSync(busybox, 'busybox');
  return { name: 'x', release: '6.1', origin: 'x', image: join(folder, 'vmlinux'), modules, busybox };
}

testWith(['cpio'], 'the archive has what a guest needs, modules in the order of insertion', async () => {
  const cache = scratch();
  const file = await buildInitramfs(kernelIn(scratch()), cache);
  const listed = execFileSync('cpio', ['-t', '--quiet'], { input: gunzipSync(readFileSync(file)) });
  const names = listed.toString().trimEnd().split('\n');
  expect(names).toEqual(
    expect.arrayContaining(['bin/agent', 'bin/busybox', 'bin/sh', 'dev/console', 'init', 'sys']),
  );
  expect(names.filter((name) => name.startsWith('modules/'))).toEqual([
    'modules/00-z-first.ko',
    'modules/01-a-second.ko',
  ]);
});

test('equal parts give the same file, which is written once; other parts give another one', async () => {
  const cache = scratch();
  const folder = scratch();
  const kernel = kernelIn(folder);
  const first = await buildInitramfs(kernel, cache);
  const { ino } = statSync(first);
  expect(await buildInitramfs({ ...kernel, name: 'y' }, cache)).toBe(first);
  expect(statSync(first).ino).toBe(ino);
  writeFileSync(kernel.busybox, 'another busybox');
  expect(await buildInitramfs(kernel, cache)).not.toBe(first);
  expect(readdirSync(join(cache, 'initramfs'))).toHaveLength(2);
  expect(readdirSync(join(cache, 'tmp'))).toEqual([]);
});

testWith(['busybox'], 'its scripts have the syntax of busybox’s shell', () => {
  const folder = scratch();
  mkdirSync(join(folder, 'scripts'));
  for (const [name, script] of Object.entries({ init: INIT_SCRIPT, agent: AGENT_SCRIPT })) {
    const path = join(folder, 'scripts', name);
    writeFileSync(path, script);
    expect(execFileSync('busybox', ['sh', '-n', path]).toString()).toBe('');
  }
});
