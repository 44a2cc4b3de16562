import { readdirSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { driverNames, vioDrivers } from '../../partition/index.ts';
import { runOk } from './program.ts';

/**
 * Modules of the drivers for devices under /ibm,platform-facilities, in the order of insertion. A kernel may lack some: Debian's
 * 6.12 has no compression driver, and no ppc64le kernel has nx-crypto (big-endian only).
 */
const WANTED_MODULES = driverNames.flatMap((name) => [...vioDrivers[name].needs, name]);

/**
 * Copies the wanted modules and their dependencies from a kernel's modules folder, uncompressed.
 *
 * Dependencies are read from the modules (`.modinfo`). The usual file modules.dep is written by depmod at installation, so an
 * unpacked package does not have it.
 * @param from `undefined`: there are no modules
 * @returns names of the written files in the order of insertion
 * @throws EnvironmentError when a program for decompression is missing
 */
export async function collectModules(from: string | undefined, to: string): Promise<string[]> {
  if (from === undefined) return [];
  const files = new Map<string, string>();
  for (const entry of readdirSync(from, { recursive: true, encoding: 'utf8' })) {
    const match = /^(.+)\.ko(?:\.(?:xz|gz|zst))?$/.exec(basename(entry));
    // In names of modules, the kernel treats - and _ as equal.
    if (match?.[1]) files.set(match[1].replaceAll('-', '_'), join(from, entry));
  }
  await mkdir(to, { recursive: true });
  const written: string[] = [];
  const seen = new Set<string>();
  const collect = async (name: string): Promise<void> => {
    const key = name.replaceAll('-', '_');
    const file = files.get(key);
    if (file === undefined || seen.has(key)) return;
    seen.add(key);
    const bytes = await readModule(file);
    for (const dependency of dependencies(bytes)) await collect(dependency);
    const target = basename(file).replace(/\.(?:xz|gz|zst)$/, '');
    await writeFile(join(to, target), bytes);
    written.push(target);
  };
  for (const name of WANTED_MODULES) await collect(name);
  return written;
}

/** Names in the `depends=` string of a module's `.modinfo` section, which is a sequence of strings ended by NUL. */
export function dependencies(module: Buffer): string[] {
  const at = module.indexOf('\0depends=', 0, 'latin1');
  const start = at >= 0 ? at + 1 : module.indexOf('depends=', 0, 'latin1');
  if (start < 0) return [];
  const end = module.indexOf(0, start);
  const list = module.toString('latin1', start + 'depends='.length, end < 0 ? undefined : end);
  return list.split(',').filter((name) => name !== '');
}

function readModule(file: string): Promise<Buffer> {
  if (file.endsWith('.xz')) return runOk('xz', ['-dc', file], { hint: 'apt-get install xz-utils' });
  if (file.endsWith('.zst')) return runOk('zstd', ['-dcq', file], { hint: 'apt-get install zstd' });
  const bytes = readFile(file);
  return file.endsWith('.gz') ? bytes.then((packed) => gunzipSync(packed)) : bytes;
}
