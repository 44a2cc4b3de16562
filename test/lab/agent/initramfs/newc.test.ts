import { execFileSync } from 'node:child_process';
import { lstatSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { characterDevice, file, folder, link, writeNewc } from '../../../../src/lab/agent/initramfs/newc.ts';
import { SEED } from '../../../support/trees.ts';
import { testWith } from '../../setup/needs.ts';
import { scratch } from '../../setup/scratch.ts';

/** Headers of an archive: the 13 numbers and the name of each. */
function headers(archive: Buffer): { name: string; numbers: number[] }[] {
  const found: { name: string; numbers: number[] }[] = [];
  const up = (offset: number) => (offset + 3) & ~3;
  for (let at = 0; at < archive.length; ) {
    expect(archive.toString('latin1', at, at + 6)).toBe('070701');
    const numbers = Array.from({ length: 13 }, (_, index) =>
      Number.parseInt(archive.toString('latin1', at + 6 + 8 * index, at + 14 + 8 * index), 16),
    );
    const [size = 0, nameSize = 0] = [numbers[6], numbers[11]];
    found.push({ name: archive.toString('latin1', at + 110, at + 110 + nameSize - 1), numbers });
    expect(archive[at + 110 + nameSize - 1]).toBe(0);
    at = up(up(at + 110 + nameSize) + size);
  }
  return found;
}

test('headers have the documented form', () => {
  const archive = writeNewc([folder('dev'), characterDevice('dev/console', 5, 1)]);
  expect(archive.toString('latin1')).toBe(
    `070701${'00000001'}${'000041ed'}${'00000000'.repeat(2)}${'00000002'}${'00000000'.repeat(6)}${'00000004'}${'00000000'}dev\0\0\0` +
      `070701${'00000002'}${'00002180'}${'00000000'.repeat(2)}${'00000001'}${'00000000'.repeat(4)}${'00000005'}${'00000001'}${'0000000c'}${'00000000'}dev/console\0\0\0` +
      `070701${'00000000'.repeat(4)}${'00000001'}${'00000000'.repeat(6)}${'0000000b'}${'00000000'}TRAILER!!!\0\0\0\0`,
  );
});

test('names and data are padded to a multiple of four', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.string({ unit: fc.constantFrom('a', '/', 'é'), minLength: 1 }), fc.uint8Array())),
      (entries) => {
        const archive = writeNewc(entries.map(([name, data]) => file(name, data)));
        const found = headers(archive);
        expect(found.map(({ name }) => name)).toEqual([...entries.map(([name]) => name), 'TRAILER!!!']);
        expect(found.map(({ numbers }) => numbers[6])).toEqual([
          ...entries.map(([, data]) => data.length),
          0,
        ]);
        expect(archive.length % 4).toBe(0);
      },
    ),
    { seed: SEED },
  );
});

testWith(['cpio'], "Debian's cpio reads the archive", () => {
  const bytes = Buffer.from(Array.from({ length: 1000 }, (_, index) => index & 0xff));
  const archive = writeNewc([
    folder('bin'),
    file('bin/busybox', bytes, 0o755),
    link('bin/sh', 'busybox'),
    file('empty', new Uint8Array()),
    file('init', Buffer.from('#!/bin/sh\n'), 0o700),
  ]);
  const to = scratch();
  execFileSync('cpio', ['-idm', '--quiet'], {
    cwd: to,
    input: archive,
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  expect(readFileSync(join(to, 'bin/busybox'))).toEqual(bytes);
  expect(lstatSync(join(to, 'bin/busybox')).mode).toBe(0o100755);
  expect(readlinkSync(join(to, 'bin/sh'))).toBe('busybox');
  expect(lstatSync(join(to, 'empty')).size).toBe(0);
  expect(lstatSync(join(to, 'init')).mode & 0o777).toBe(0o700);
  expect(lstatSync(join(to, 'bin')).isDirectory()).toBe(true);
});
