import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { isCaching } from '../../../base/index.ts';
import { cacheFolder, fileVersion, type Kernel, writeAtomically } from '../../setup/index.ts';
import { AGENT_SCRIPT } from '../script.ts';
import { INIT_SCRIPT } from './init-script.ts';
import { characterDevice, file, folder, link, type Member, writeNewc } from './newc.ts';

/** Paths of archives that this process has built, by the versions of their source files. */
const built = new Map<string, string>();

/**
 * Builds the guest's root file system: busybox, `/init`, the kernel's modules, the agent. The cache keeps the archive under a
 * hash of its content.
 * @returns path of the gzip'd archive, for QEMU's `-initrd`
 */
export async function buildInitramfs(kernel: Kernel, cache: string = cacheFolder()): Promise<string> {
  const key = JSON.stringify([cache, ...[kernel.busybox, ...kernel.modules].map(fileVersion)]);
  const known = isCaching() ? built.get(key) : undefined;
  if (known !== undefined && existsSync(known)) return known;
  const target = await build(kernel, cache);
  built.set(key, target);
  return target;
}

async function build(kernel: Kernel, cache: string): Promise<string> {
  const archive = writeNewc(await members(kernel));
  const target = join(cache, 'initramfs', `${createHash('sha256').update(archive).digest('hex')}.cpio.gz`);
  if (existsSync(target)) return target;
  const packed = await promisify(gzip)(archive, { level: 6 });
  await writeAtomically(cache, target, async (scratch) => {
    await writeFile(join(scratch, 'initramfs'), packed);
    return join(scratch, 'initramfs');
  });
  return target;
}

async function members(kernel: Kernel): Promise<Member[]> {
  const modules = await Promise.all(
    kernel.modules.map(async (path, index) => {
      // Numbered, so that the shell's alphabetical order is the order of insertion.
      const name = `${String(index).padStart(2, '0')}-${basename(path)}`;
      return file(`modules/${name}`, await readFile(path));
    }),
  );
  return [
    ...['bin', 'dev', 'etc', 'modules', 'proc', 'root', 'sys', 'tmp'].map((name) => folder(name)),
    characterDevice('dev/console', 5, 1),
    file('bin/busybox', await readFile(kernel.busybox), 0o755),
    link('bin/sh', 'busybox'),
    file('init', Buffer.from(INIT_SCRIPT), 0o755),
    file('bin/agent', Buffer.from(AGENT_SCRIPT), 0o755),
    ...modules,
  ];
}
