import { existsSync, mkdirSync, readdirSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { removeLeastRecentlyUsed, SnapshotStore, snapshotKey } from '../../../src/lab/guest/snapshot.ts';
import { defaultTokens } from '../../../src/papr/index.ts';
import { scratch } from '../setup/scratch.ts';
import { facilitiesTree } from '../trees.ts';

test('the least recently used snapshots are removed', async () => {
  const folder = scratch();
  for (const [index, name] of ['old', 'oldest', 'new', 'newest'].entries()) {
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, 'state'), '');
    const days = [2, 1, 3, 4][index] ?? 0;
    utimesSync(join(folder, name), 86_400 * days, 86_400 * days);
  }
  await removeLeastRecentlyUsed(folder, 3);
  expect(readdirSync(folder).sort()).toEqual(['new', 'newest', 'old']);
  await removeLeastRecentlyUsed(folder, 3);
  expect(readdirSync(folder)).toHaveLength(3);
});

test('everything that determines a guest changes the key', () => {
  const folder = scratch();
  const image = join(folder, 'vmlinux');
  writeFileSync(image, 'kernel');
  const qemu = { path: '/usr/bin/qemu-system-ppc64', version: '7.2.22', sandbox: true };
  const machine = { image, initramfs: '/a', cpus: 1, poison: false };
  const tree = facilitiesTree();
  const key = () => snapshotKey(qemu, machine, tree, defaultTokens);
  const first = key();
  expect(snapshotKey({ ...qemu, sandbox: false }, machine, facilitiesTree(), defaultTokens)).toBe(first);
  const others = [
    snapshotKey({ ...qemu, version: '8.2' }, machine, tree, defaultTokens),
    snapshotKey(qemu, { ...machine, cpus: 2 }, tree, defaultTokens),
    snapshotKey(qemu, { ...machine, poison: true }, tree, defaultTokens),
    snapshotKey(qemu, { ...machine, initramfs: '/b' }, tree, defaultTokens),
    snapshotKey(qemu, machine, facilitiesTree({ pool: 1 }), defaultTokens),
    snapshotKey(qemu, machine, tree, new Map([...defaultTokens, ['ibm,new', 0x3004]])),
  ];
  truncateSync(image, 3);
  others.push(key());
  expect(new Set([first, ...others]).size).toBe(others.length + 1);
});

test('without a complete snapshot nothing is restored and no QEMU is started', async () => {
  const cache = scratch();
  const store = new SnapshotStore(cache);
  const qemu = { path: join(cache, 'no-qemu'), version: '7.2', sandbox: false };
  const machine = { image: '/a', initramfs: '/b', cpus: 1, poison: false };
  expect(await store.restore('key', qemu, machine)).toBeUndefined();
  mkdirSync(store.folder('key'), { recursive: true });
  writeFileSync(join(store.folder('key'), 'facts.json'), '{"half":');
  expect(await store.restore('key', qemu, machine)).toBeUndefined();
  expect(existsSync(store.folder('key'))).toBe(true);
});
