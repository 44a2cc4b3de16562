import { existsSync, readdirSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { EnvironmentError } from '../../base/index.ts';
import { type Apt, type AptOptions, openApt } from './apt.ts';
import type { KernelRecord } from './kernel-record.ts';
import { collectModules } from './modules.ts';
import { runOk } from './program.ts';

/**
 * Names of Debian's ppc64el kernels, with the suites that have them. Suites are tried in order, because backports are removed when
 * their release is no longer supported, and a mirror may be updating a suite.
 */
export const debianKernels: Readonly<Record<string, readonly string[]>> = {
  'debian:6.1': ['bookworm'],
  'debian:6.12': ['trixie', 'bookworm-backports'],
};

/**
 * Downloads a Debian kernel and writes its image and modules to the folder `complete`.
 * @param scratch folder for temporary files
 * @throws EnvironmentError when no suite has the kernel, with the reason for each suite
 */
export async function unpackDebianKernel(
  name: string,
  scratch: string,
  complete: string,
  options: AptOptions,
): Promise<KernelRecord> {
  const reasons: string[] = [];
  for (const suite of debianKernels[name] ?? []) {
    try {
      const apt = await openApt(join(scratch, suite), suite, options);
      return {
        name,
        ...(await fetchKernel(apt, name.replace('debian:', ''), join(scratch, `${suite}.root`), complete)),
      };
    } catch (error) {
      if (!(error instanceof EnvironmentError)) throw error;
      reasons.push(`${suite}: ${error.message}`);
    }
  }
  throw new EnvironmentError(
    `cannot download ${name}: ${reasons.join('; ')}`,
    'Check the network, and whether the mirror has ppc64el.',
  );
}

async function fetchKernel(
  apt: Apt,
  version: string,
  root: string,
  complete: string,
): Promise<Omit<KernelRecord, 'name'>> {
  // The name of the image's package contains a number that every update changes; the metapackage depends on it.
  const depends = await apt.depends('linux-image-powerpc64le');
  const name = depends.find((entry) => entry.startsWith('linux-image-')) ?? 'linux-image-powerpc64le';
  const found = await apt.version(name);
  if (!found?.startsWith(`${version}.`))
    throw new EnvironmentError(`the suite has ${found ?? 'no kernel'} instead of ${version}`);
  await runOk('dpkg', ['-x', await apt.download(name), root]);
  const boot = join(root, 'boot');
  const image = readdirSync(boot).find((entry) => entry.startsWith('vmlinux-'));
  if (image === undefined) throw new EnvironmentError(`package ${name} has no boot/vmlinux-*`);
  const release = image.replace('vmlinux-', '');
  await rename(join(boot, image), join(complete, 'vmlinux'));
  const modules = await collectModules(modulesFolder(root, release), join(complete, 'modules'));
  return { release, origin: `${name} ${found} (${apt.suite})`, image: 'vmlinux', modules };
}

/** Packages for a merged /usr have their modules in usr/lib. */
function modulesFolder(root: string, release: string): string {
  for (const folder of ['lib', 'usr/lib']) {
    const path = join(root, folder, 'modules', release);
    if (existsSync(path)) return path;
  }
  throw new EnvironmentError(`the package has no modules of ${release}`);
}
