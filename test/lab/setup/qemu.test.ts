import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { doctor, findQemu } from '../../../src/lab/setup/index.ts';
import { testWith } from './needs.ts';
import { scratch } from './scratch.ts';

/** A PATH with a shell script as qemu-system-ppc64. */
function pathWith(script: string): NodeJS.ProcessEnv {
  const folder = scratch();
  const file = join(folder, 'qemu-system-ppc64');
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
  return { PATH: `${scratch()}:${folder}` };
}

test('without QEMU, the error says what to install', async () => {
  await expect(findQemu({ PATH: scratch() })).rejects.toMatchObject({
    name: 'EnvironmentError',
    message: 'qemu-system-ppc64 is not installed',
    hint: expect.stringContaining('apt-get install qemu-system-ppc'),
  });
});

test('a QEMU that does not start is an error', async () => {
  const env = pathWith('echo "error while loading shared libraries" >&2; exit 127');
  await expect(findQemu(env)).rejects.toThrow('does not start: error while loading shared libraries');
});

test('missing support for seccomp is detected', async () => {
  const say = 'case $1 in --version) echo "QEMU emulator version 9.2.1 (x)";; *) exit';
  expect(await findQemu(pathWith(`${say} 1;; esac`))).toMatchObject({ version: '9.2.1', sandbox: false });
  expect(await findQemu(pathWith(`${say} 0;; esac`))).toMatchObject({ version: '9.2.1', sandbox: true });
});

testWith(['qemu-system-ppc64'], 'the QEMU of this machine', async () => {
  expect((await findQemu()).version).toMatch(/^\d+\.\d+/);
});

test('doctor finds no kernels in an empty cache', async () => {
  const checks = await doctor(scratch(), scratch());
  expect(checks.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['QEMU', 'Debian packages', 'cache', 'kernels']),
  );
  expect(checks.find(({ name }) => name === 'kernels')).toMatchObject({
    state: 'note',
    hint: 'transplant lab setup',
  });
});
