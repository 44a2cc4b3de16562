import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cleanLeftovers, describeLeftover } from '../../../src/lab/setup/index.ts';
import { currentProcess, type Owner, ownerOf, ownerTag } from '../../../src/lab/setup/owner.ts';
import { scratch } from './scratch.ts';

async function deadOwner(): Promise<Owner> {
  const child = spawn('sleep', ['60']);
  await once(child, 'spawn');
  const owner = ownerOf(child.pid ?? 0) ?? { pid: 0, started: 0 };
  child.kill('SIGKILL');
  await once(child, 'exit');
  return owner;
}

function folder(...parts: string[]): string {
  const path = join(...parts);
  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, 'file'), '');
  return path;
}

async function alive(child: ChildProcess): Promise<ChildProcess> {
  await once(child, 'spawn');
  return child;
}

test('files of dead processes are removed, and processes that use them ended', async () => {
  const cache = scratch();
  const root = scratch();
  const dead = ownerTag(await deadOwner());
  const half = folder(cache, 'tmp', `${dead}.kernels.x`);
  const guest = folder(root, `${dead}.abc`);
  const download = await alive(spawn('sleep', ['60'], { cwd: half }));
  const emulator = await alive(spawn('sh', ['-c', 'read _', `path=${guest}/qmp`]));
  const ended = Promise.all([once(download, 'exit'), once(emulator, 'exit')]);
  const found = await cleanLeftovers(cache, root);
  expect(found).toEqual([
    { path: half, kind: 'incomplete', pids: [download.pid] },
    { path: guest, kind: 'guest', pids: [emulator.pid] },
  ]);
  await ended;
  expect([half, guest].map((path) => existsSync(path))).toEqual([false, false]);
  expect(found.map(describeLeftover)).toEqual([
    `removed ${half}, left incomplete by a process that was killed, ended process ${download.pid}`,
    `removed ${guest}, left by a guest whose process was killed, ended process ${emulator.pid}`,
  ]);
  expect(await cleanLeftovers(cache, root)).toEqual([]);
});

test('files of live processes and of unknown owners stay', async () => {
  const cache = scratch();
  const root = scratch();
  const ours = folder(cache, 'tmp', `${ownerTag(currentProcess())}.kernels.x`);
  const strange = folder(root, 'something');
  expect(await cleanLeftovers(cache, root)).toEqual([]);
  expect([ours, strange].map((path) => existsSync(path))).toEqual([true, true]);
});

test('a missing cache has no leftovers', async () => {
  expect(await cleanLeftovers('/nowhere/at/all', '/nowhere/else')).toEqual([]);
});
