import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { EnvironmentError, InputError } from '../../base/index.ts';
import { busyboxFile, ensureBusybox } from './busybox.ts';
import { cacheFolder, fileVersion, shortHash, writeAtomically } from './cache.ts';
import { debianKernels, unpackDebianKernel } from './debian.ts';
import { checkImage, releaseOfImage } from './image.ts';
import { type KernelRecord, kernelRecord } from './kernel-record.ts';
import { cleanLeftovers, describeLeftover } from './leftovers.ts';
import { withLock } from './lock.ts';
import { collectModules } from './modules.ts';
import type { OnProgress } from './progress.ts';

/** A kernel on disk with all that a guest needs of it. */
export interface Kernel {
  /** As it was asked for: `debian:6.1`, or the path of a vmlinux. */
  readonly name: string;
  /** `6.1.0-50-powerpc64le`; `unknown` when the image does not say. */
  readonly release: string;
  /** Where it comes from: `linux-image-6.1.0-50-powerpc64le 6.1.176-1 (bookworm)`, or a path. */
  readonly origin: string;
  /** Path of the image that QEMU's `-kernel` loads. */
  readonly image: string;
  /** Paths of uncompressed modules in the order of insertion. */
  readonly modules: readonly string[];
  /** Path of a static busybox for ppc64le. */
  readonly busybox: string;
}

export interface EnsureOptions {
  /** Default: `cacheFolder()`. */
  readonly cache?: string;
  readonly onProgress?: OnProgress;
  /** Modules of a kernel given by path: a folder such as `/lib/modules/RELEASE`, searched in depth. */
  readonly modules?: string;
  /** The host's apt configuration, which names the Debian mirror and its key; default `/etc/apt`. */
  readonly aptFolder?: string;
}

/**
 * Makes a kernel ready for use: a Debian one is fetched with apt and unpacked unless the cache has it, one given by its
 * path is used where it is.
 * @throws EnvironmentError when it cannot be had; the cache is then as it was
 * @throws InputError when there is no kernel of that name and no image of that path
 */
export async function ensureKernel(name: string, options: EnsureOptions = {}): Promise<Kernel> {
  const cache = options.cache ?? cacheFolder();
  const { onProgress = () => {}, aptFolder } = options;
  const aptOptions = { onProgress, aptFolder };
  for (const leftover of await cleanLeftovers(cache)) onProgress({ text: describeLeftover(leftover) });
  const debian = Object.hasOwn(debianKernels, name);
  if (!debian) checkImage(name);
  await ensureBusybox(cache, aptOptions);
  const folder = join(cache, 'kernels', debian ? name.replace(':', '-') : pathKey(name, options.modules));
  const kernel = readKernel(cache, folder);
  if (kernel) return kernel;
  await withLock(
    cache,
    folder,
    async () => {
      if (readKernel(cache, folder)) return;
      await writeAtomically(cache, folder, async (scratch) => {
        const whole = join(scratch, 'whole');
        await mkdir(whole);
        const record = debian
          ? await unpackDebianKernel(name, scratch, whole, aptOptions)
          : await recordOfPath(name, options.modules, whole);
        await writeFile(join(whole, 'kernel.json'), `${JSON.stringify(record, null, 2)}\n`);
        return whole;
      });
    },
    (pid) => onProgress({ text: `wait for process ${pid}, which gets ${name} ready` }),
  );
  const made = readKernel(cache, folder);
  if (!made)
    throw new EnvironmentError(
      `${folder} vanished while it was used`,
      'Is another process cleaning the cache?',
    );
  return made;
}

/** The kernels in the cache, by name. */
export function kernels(cache: string = cacheFolder()): Kernel[] {
  let names: string[];
  try {
    names = readdirSync(join(cache, 'kernels')).sort();
  } catch {
    return [];
  }
  return names.flatMap((name) => readKernel(cache, join(cache, 'kernels', name)) ?? []);
}

async function recordOfPath(
  image: string,
  modules: string | undefined,
  whole: string,
): Promise<KernelRecord> {
  return {
    name: image,
    release: await releaseOfImage(image),
    origin: resolve(image),
    image: resolve(image),
    modules: await collectModules(modules, join(whole, 'modules')),
  };
}

/** Changes when the files change, so that a kernel built anew is not mistaken for the one before. */
function pathKey(image: string, modules: string | undefined): string {
  const facts = [image, modules].flatMap((path) => {
    if (path === undefined) return [];
    if (!existsSync(path)) throw new InputError('no such file or folder', { file: path });
    return fileVersion(path);
  });
  return `path-${shortHash(...facts)}`;
}

/** @returns `undefined` when the folder is not there or not whole */
function readKernel(cache: string, folder: string): Kernel | undefined {
  let record: KernelRecord;
  try {
    record = kernelRecord.parse(JSON.parse(readFileSync(join(folder, 'kernel.json'), 'utf8')));
  } catch {
    return undefined;
  }
  const image = resolve(folder, record.image);
  const modules = record.modules.map((name) => join(folder, 'modules', name));
  const busybox = busyboxFile(cache);
  if (![image, busybox, ...modules].every((file) => existsSync(file))) return undefined;
  return { name: record.name, release: record.release, origin: record.origin, image, modules, busybox };
}
