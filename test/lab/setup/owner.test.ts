import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { currentProcess, isAlive, ownerFromName, ownerOf, ownerTag } from '../../../src/lab/setup/owner.ts';

test('this process is alive, and its tag identifies it', () => {
  expect(isAlive(currentProcess())).toBe(true);
  expect(ownerFromName(`${ownerTag(currentProcess())}.kernels_debian-6.1.x`)).toEqual(currentProcess());
});

test('a later process with the same pid is another owner', () => {
  expect(isAlive({ pid: process.pid, started: currentProcess().started - 1 })).toBe(false);
});

test('a process is alive until it ends', async () => {
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
    expect(ownerFromName(name)).toBeUndefined();
  },
);
