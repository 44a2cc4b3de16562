import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { isAlive, mark, ownerInName, ownerOf, self } from '../../../src/lab/setup/owner.ts';

test('this process lives, and its mark says so in a name', () => {
  expect(isAlive(self())).toBe(true);
  expect(ownerInName(`${mark(self())}.kernels_debian-6.1.x`)).toEqual(self());
});

test('a later process with the same pid is somebody else', () => {
  expect(isAlive({ pid: process.pid, started: self().started - 1 })).toBe(false);
});

test('a process lives until it is ended', async () => {
  const child = spawn('sleep', ['60']);
  await once(child, 'spawn');
  const owner = ownerOf(child.pid ?? 0);
  expect(owner && isAlive(owner)).toBe(true);
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(owner && isAlive(owner)).toBe(false);
});

test.each(['', 'x', '12', '12-', '-12', '12-x', 'a12-13', '12-13x', '99999999999-1'])(
  '%j bears no mark',
  (name) => {
    expect(ownerInName(name)).toBeUndefined();
  },
);
