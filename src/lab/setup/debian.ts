import { existsSync, readdirSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { EnvironmentError } from '../../base/index.ts';
import { type Apt, type AptOptions, openApt } from './apt.ts';
import type { KernelRecord } from './kernel-record.ts';
import { collectModules } from './modules.ts';
import { runOk } from './program.ts';

/**
 * Debian's ppc64el kernels by name, with the suites that carry them. Suites are tried in order: backports are dropped
 * when their release goes out of support, and a mirror may be in the middle of an update of one suite.
 */
export const debianKernels: Readonly<Record<string, readonly string[]>> = {
  'debian:6.1': ['bookworm'],
  'debian:6.12': ['trixie', 'bookworm-backports'],
};

/**
 * Downloads a Debian kernel and fills the folder `whole` with its image and modules.
 * @param scratch a folder for what is needed on the way
 * @throws EnvironmentError with every suite's reason when none yields the kernel
 */
export async function unpackDebianKernel(
  name: string,
  scratch: string,
  whole: string,
  options: AptOptions,
): Promise<KernelRecord> {
  const reasons: string[] = [];
  for (const suite of debianKernels[name] ?? []) {
    try {
      const apt = await openApt(join(scratch, suite), suite, options);
      return {
        name,
        ...(await fetchKernel(apt, name.replace('debian:', ''), join(scratch, `${suite}.root`), whole)),
      };
    } catch (error) {
      if (!(error instanceof EnvironmentError)) throw error;
      reasons.push(`${suite}: ${error.message}`);
    }
  }
  throw new EnvironmentError(
    `${name} cannot be had: ${reasons.join('; ')}`,
    'Is the network there? Does the mirror have ppc64el?',
  );
}

async function fetchKernel(
  apt: Apt,
  version: string,
  root: string,
  whole: string,
): Promise<Omit<KernelRecord, 'name'>> {
  // The name of the image's package carries a number that every update changes; the metapackage knows it.
  const depends = await apt.depends('linux-image-powerpc64le');
  const name = depends.find((entry) => entry.startsWith('linux-image-')) ?? 'linux-image-powerpc64le';
  const found = await apt.version(name);
  if (!found?.startsWith(`${version}.`))
    throw new EnvironmentError(`has ${found ?? 'no kernel'} instead of ${version}`);
  await runOk('dpkg', ['-x', await apt.download(name), root]);
  const boot = join(root, 'boot');
  const image = readdirSync(boot).find((entry) => entry.startsWith('vmlinux-'));
  if (image === undefined) throw new EnvironmentError(`${name} has no boot/vmlinux-*`);
  const release = image.replace('vmlinux-', '');
  await rename(join(boot, image), join(whole, 'vmlinux'));
  const modules = await collectModules(modulesFolder(root, release), join(whole, 'modules'));
  return { release, origin: `${name} ${found} (${apt.suite})`, image: 'vmlinux', modules };
}

/** Packages of a merged /usr have their modules there. */
function modulesFolder(root: string, release: string): string {
  for (const folder of ['lib', 'usr/lib']) {
    const path = join(root, folder, 'modules', release);
    if (existsSync(path)) return path;
  }
  throw new EnvironmentError(`no modules of ${release} in the package`);
}
