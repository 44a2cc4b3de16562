import { existsSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { EnvironmentError } from '../../../src/base/index.ts';
import { ensureKernel, type Progress } from '../../../src/lab/setup/index.ts';
import { makeMirror, type TestPackage } from './mirror.ts';
import { testWith } from './needs.ts';
import { scratch } from './scratch.ts';

const tools = ['apt-get', 'dpkg', 'dpkg-deb', 'gpg'];
const release = '6.1.0-50-powerpc64le';
const modules = `lib/modules/${release}/kernel`;

const busybox: TestPackage = {
  name: 'busybox-static',
  version: '1:1.35.0-4',
  files: { 'bin/busybox': 'a static busybox' },
};
const image: TestPackage = {
  name: `linux-image-${release}`,
  version: '6.1.176-1',
  files: {
    [`boot/vmlinux-${release}`]: 'an image',
    [`${modules}/drivers/char/hw_random/pseries-rng.ko`]: 'rng\0depends=\0',
    [`${modules}/drivers/crypto/nx/nx-compress.ko`]: 'nx\0depends=842_decompress\0',
    [`${modules}/drivers/crypto/nx/nx-compress-pseries.ko`]: 'nx\0depends=nx-compress\0',
    [`${modules}/lib/842/842_decompress.ko`]: '842\0depends=\0',
    [`${modules}/fs/ext4/ext4.ko`]: 'ext4\0depends=jbd2\0',
  },
};
const metapackage: TestPackage = {
  name: 'linux-image-powerpc64le',
  version: '6.1.176-1',
  depends: `${image.name} (= 6.1.176-1)`,
  files: {},
};

const all = [busybox, image, metapackage];

testWith(tools, 'a kernel is downloaded from the host’s mirror, once', async () => {
  const cache = scratch();
  const mirror = makeMirror(scratch(), all);
  const progress: Progress[] = [];
  const onProgress = (step: Progress) => progress.push(step);
  const kernel = await ensureKernel('debian:6.1', { cache, aptFolder: mirror.aptFolder, onProgress });
  const folder = join(cache, 'kernels/debian-6.1');
  expect(kernel).toEqual({
    name: 'debian:6.1',
    release,
    origin: `linux-image-${release} 6.1.176-1 (bookworm)`,
    image: join(folder, 'vmlinux'),
    modules: ['pseries-rng.ko', '842_decompress.ko', 'nx-compress.ko', 'nx-compress-pseries.ko'].map((name) =>
      join(folder, 'modules', name),
    ),
    busybox: join(cache, 'busybox/busybox'),
  });
  expect(readFileSync(kernel.image, 'utf8')).toBe('an image');
  expect(readFileSync(kernel.busybox, 'utf8')).toBe('a static busybox');
  expect(readdirSync(join(cache, 'tmp'))).toEqual([]);
  expect(progress.map(({ text }) => text)).toContain(`download linux-image-${release} from bookworm`);
  // A cached kernel needs neither mirror nor apt.
  expect(await ensureKernel('debian:6.1', { cache, aptFolder: '/nowhere' })).toEqual(kernel);
});

testWith(tools, 'an archive without a signature is an error', async () => {
  const cache = scratch();
  const mirror = makeMirror(scratch(), all, false);
  writeFileSync(join(mirror.aptFolder, '../key.gpg'), '');
  const ensured = ensureKernel('debian:6.1', { cache, aptFolder: mirror.aptFolder });
  await expect(ensured).rejects.toThrow(EnvironmentError);
  expect(readdirSync(cache)).toEqual(['tmp']);
  expect(readdirSync(join(cache, 'tmp'))).toEqual([]);
});

testWith(tools, 'a package that does not match the index leaves the cache unchanged', async () => {
  const cache = scratch();
  const mirror = makeMirror(scratch(), all);
  const deb = mirror.deb(image.name);
  const bytes = readFileSync(deb);
  bytes.writeUInt8(bytes.readUInt8(bytes.length - 1100) ^ 1, bytes.length - 1100);
  writeFileSync(deb, bytes);
  const ensured = () => ensureKernel('debian:6.1', { cache, aptFolder: mirror.aptFolder });
  await expect(ensured()).rejects.toThrow(/cannot download debian:6\.1: bookworm: .*Hash Sum mismatch/s);
  expect(existsSync(join(cache, 'kernels'))).toBe(false);
  truncateSync(deb, 1000);
  await expect(ensured()).rejects.toThrow(EnvironmentError);
  expect(existsSync(join(cache, 'kernels'))).toBe(false);
  expect(readdirSync(join(cache, 'tmp'))).toEqual([]);
});

testWith(tools, 'a suite with another version is not used', async () => {
  const cache = scratch();
  const newer = all.map((entry) => (entry === busybox ? entry : { ...entry, version: '7.0.1-1' }));
  const mirror = makeMirror(
    scratch(),
    newer.map((entry) => (entry.name === metapackage.name ? { ...entry, depends: image.name } : entry)),
  );
  await expect(ensureKernel('debian:6.1', { cache, aptFolder: mirror.aptFolder })).rejects.toThrow(
    'bookworm: the suite has 7.0.1-1 instead of 6.1',
  );
});
