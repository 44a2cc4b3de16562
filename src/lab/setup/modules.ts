import { readdirSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { driverNames, vioDrivers } from '../../partition/index.ts';
import { runOk } from './program.ts';

/**
 * The drivers of what stands under /ibm,platform-facilities, in the order in which the guest loads them. What a kernel
 * does not have is left out: Debian's 6.12 has no compression driver, none has nx-crypto (big-endian only).
 */
const WANTED_MODULES = driverNames.flatMap((name) => [...vioDrivers[name].needs, name]);

/**
 * Picks the wanted modules and what they depend on out of a kernel's modules folder and writes them, uncompressed.
 *
 * Dependencies come from the modules themselves (`.modinfo`): modules.dep is made by depmod at installation, and a package
 * that was only unpacked does not have it.
 * @returns the names of the written files in the order of insertion
 */
export async function collectModules(from: string | undefined, to: string): Promise<string[]> {
  if (from === undefined) return [];
  const files = new Map<string, string>();
  for (const entry of readdirSync(from, { recursive: true, encoding: 'utf8' })) {
    const match = /^(.+)\.ko(?:\.(?:xz|gz|zst))?$/.exec(basename(entry));
    // The kernel takes - and _ for the same in names of modules.
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

/** Names in `depends=` of a module's `.modinfo` section, where strings stand one after another, each ended by NUL. */
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
