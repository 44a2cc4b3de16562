import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { withLock } from '../../../src/lab/setup/index.ts';
import { scratch } from './scratch.ts';

test('work of one name runs one after another, work of two names in parallel', async () => {
  const cache = scratch();
  const seen: string[] = [];
  let finish = () => {};
  const first = withLock(cache, 'a', async () => {
    seen.push('first starts');
    await new Promise<void>((done) => {
      finish = done;
    });
    seen.push('first ends');
  });
  let waiting = () => {};
  const waits = new Promise<void>((done) => {
    waiting = done;
  });
  const second = withLock(
    cache,
    'a',
    async () => {
      seen.push('second');
    },
    (pid) => {
      expect(pid).toBe(process.pid);
      waiting();
    },
  );
  await waits;
  await withLock(cache, 'b', async () => {
    seen.push('other');
  });
  finish();
  await Promise.all([first, second]);
  expect(seen).toEqual(['first starts', 'other', 'first ends', 'second']);
});

test('failing work releases the lock', async () => {
  const cache = scratch();
  await expect(withLock(cache, 'a', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await withLock(cache, 'a', async () => 'yes')).toBe('yes');
});

test('the lock of a killed process is released', async () => {
  const cache = scratch();
  const before = abstractSockets();
  const address = await withLock(cache, 'a', async () =>
    abstractSockets().find((name) => !before.includes(name)),
  );
  const holder = spawn(process.execPath, [
    '-e',
    `require('node:net').createServer((s) => s.write(process.pid + '\\n')).listen('\\0' + process.argv[1], () => console.log('held'))`,
    address ?? '',
  ]);
  await once(holder.stdout, 'data');
  const pids: number[] = [];
  const result = withLock(
    cache,
    'a',
    async () => 'ours',
    (pid) => {
      pids.push(pid);
      holder.kill('SIGKILL');
    },
  );
  expect(await result).toBe('ours');
  expect(pids).toEqual([holder.pid]);
});

/** Names of locks that a process holds. */
function abstractSockets(): string[] {
  return Array.from(
    readFileSync('/proc/net/unix', 'utf8').matchAll(/ @(transplant-[^@\s]+)@*$/gm),
    (match) => match[1] ?? '',
  );
}
