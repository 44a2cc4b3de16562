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

/** A kernel on disk with the files that a guest needs. */
export interface Kernel {
  /** As requested: `debian:6.1`, or the path of a vmlinux. */
  readonly name: string;
  /** `6.1.0-50-powerpc64le`; `unknown` when the image does not contain it. */
  readonly release: string;
  /** Source: `linux-image-6.1.0-50-powerpc64le 6.1.176-1 (bookworm)`, or a path. */
  readonly origin: string;
  /** Path of the image that QEMU's `-kernel` loads. */
  readonly image: string;
  /** Paths of uncompressed modules in the order of insertion. */
  readonly modules: readonly string[];
  /** Path of a static busybox for ppc64le. */
  readonly busybox: string;
}

/** Options of `ensureKernel`. */
export interface EnsureOptions {
  /** Default: `cacheFolder()`. */
  readonly cache?: string;
  /** Called before and during steps that take seconds. */
  readonly onProgress?: OnProgress;
  /** Folder of the modules of a kernel given by path, such as `/lib/modules/RELEASE`; searched recursively. */
  readonly modules?: string;
  /** The host's apt configuration, which names the Debian mirror and its key; default `/etc/apt`. */
  readonly aptFolder?: string;
}

/**
 * Prepares a kernel for use. A Debian kernel is downloaded with apt and unpacked unless the cache has it. The image of a kernel
 * given by path is used where it is; its modules are copied to the cache.
 * @param name `debian:6.1`, `debian:6.12`, or the path of a vmlinux
 * @throws EnvironmentError when the download fails; the cache does not change then
 * @throws InputError when there is no kernel of that name and no image at that path
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
        const complete = join(scratch, 'complete');
        await mkdir(complete);
        const record = debian
          ? await unpackDebianKernel(name, scratch, complete, aptOptions)
          : await recordOfPath(name, options.modules, complete);
        await writeFile(join(complete, 'kernel.json'), `${JSON.stringify(record, null, 2)}\n`);
        return complete;
      });
    },
    (pid) => onProgress({ text: `wait for process ${pid}: it prepares ${name}` }),
  );
  const prepared = readKernel(cache, folder);
  if (!prepared)
    throw new EnvironmentError(
      `${folder} was removed while it was used`,
      'Is another process cleaning the cache?',
    );
  return prepared;
}

/** The kernels in the cache, sorted by folder name. */
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
  complete: string,
): Promise<KernelRecord> {
  return {
    name: image,
    release: await releaseOfImage(image),
    origin: resolve(image),
    image: resolve(image),
    modules: await collectModules(modules, join(complete, 'modules')),
  };
}

/** Folder name of a kernel given by path. It changes with the files, so that a rebuilt kernel gets another folder. */
function pathKey(image: string, modules: string | undefined): string {
  const facts = [image, modules].flatMap((path) => {
    if (path === undefined) return [];
    if (!existsSync(path)) throw new InputError('no such file or folder', { file: path });
    return fileVersion(path);
  });
  return `path-${shortHash(...facts)}`;
}

/** @returns `undefined` when the folder does not exist or is incomplete */
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
