import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { InputError } from '../../../src/base/index.ts';
import { clean, ensureKernel, kernels } from '../../../src/lab/setup/index.ts';
import { scratch } from './scratch.ts';

/** A cache with a busybox. */
function cacheWithBusybox(): string {
  const cache = scratch();
  mkdirSync(join(cache, 'busybox'));
  writeFileSync(join(cache, 'busybox/busybox'), 'busybox');
  return cache;
}

function elf(machine: number, text = ''): Buffer {
  const header = Buffer.alloc(64);
  header.write('\x7fELF\x02\x01\x01', 'latin1');
  header.writeUInt16LE(machine, 18);
  return Buffer.concat([header, Buffer.from(text)]);
}

test('a kernel given by its path is used where it is', async () => {
  const cache = cacheWithBusybox();
  const image = join(scratch(), 'vmlinux');
  const modules = scratch();
  writeFileSync(image, elf(21, `${'x'.repeat((1 << 20) - 70)}Linux version 6.7.0-rc1+ (me@here) #1`));
  writeFileSync(join(modules, 'pseries-rng.ko'), 'rng\0depends=\0');
  const kernel = await ensureKernel(image, { cache, modules });
  expect(kernel).toMatchObject({ name: image, release: '6.7.0-rc1+', image, origin: image });
  expect(kernel.modules).toHaveLength(1);
  expect(kernels(cache)).toEqual([kernel]);
  // A rebuilt image is another kernel.
  writeFileSync(image, elf(21, 'Linux version 6.7.0-rc2-longer (me@here) #2'));
  expect((await ensureKernel(image, { cache, modules })).release).toBe('6.7.0-rc2-longer');
});

test('an image without a release is accepted', async () => {
  const image = join(scratch(), 'vmlinux');
  writeFileSync(image, elf(21));
  expect(await ensureKernel(image, { cache: cacheWithBusybox() })).toMatchObject({
    release: 'unknown',
    modules: [],
  });
});

test.each([
  ['a kernel of another machine', elf(62)],
  ['a text', Buffer.from('this is no kernel at all, but long enough')],
  ['an empty file', Buffer.alloc(0)],
])('%s is an error', async (_, bytes) => {
  const image = join(scratch(), 'vmlinux');
  writeFileSync(image, bytes);
  await expect(ensureKernel(image, { cache: cacheWithBusybox() })).rejects.toThrow(InputError);
});

test('an unknown name is an error that lists the known ones', async () => {
  for (const name of ['debian:1.0', 'toString', '/nowhere', scratch()]) {
    await expect(ensureKernel(name, { cache: scratch() })).rejects.toThrow(InputError);
  }
  await expect(ensureKernel('debian:1.0', { cache: scratch() })).rejects.toMatchObject({
    hint: expect.stringContaining('debian:6.1, debian:6.12'),
  });
});

test('an incomplete kernel is prepared again', async () => {
  const cache = cacheWithBusybox();
  const image = join(scratch(), 'vmlinux');
  const modules = scratch();
  writeFileSync(image, elf(21));
  writeFileSync(join(modules, 'pseries-rng.ko'), 'rng');
  const kernel = await ensureKernel(image, { cache, modules });
  for (const file of kernel.modules) rmSync(file);
  expect(kernels(cache)).toEqual([]);
  expect(await ensureKernel(image, { cache, modules })).toEqual(kernel);
  expect(kernel.modules.every((file) => existsSync(file))).toBe(true);
  const [folder = ''] = readdirSync(join(cache, 'kernels'));
  for (const text of ['{', '{"name": 1}', 'null']) {
    writeFileSync(join(cache, 'kernels', folder, 'kernel.json'), text);
    expect(await ensureKernel(image, { cache, modules })).toEqual(kernel);
  }
});

test('clean removes the cache’s own folders and no others', async () => {
  const cache = cacheWithBusybox();
  const image = join(scratch(), 'vmlinux');
  writeFileSync(image, elf(21));
  await ensureKernel(image, { cache });
  writeFileSync(join(cache, 'letter'), 'to my love');
  const { bytes, leftovers } = await clean(cache, scratch());
  expect(bytes).toBeGreaterThan(7);
  expect(leftovers).toEqual([]);
  expect(kernels(cache)).toEqual([]);
  expect(readdirSync(cache).sort()).toEqual(['letter', 'tmp']);
});
