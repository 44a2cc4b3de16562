import { accessSync, constants, existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { EnvironmentError } from '../../base/index.ts';
import { hostSources } from './apt.ts';
import { busyboxFile } from './busybox.ts';
import { cacheFolder, runRoot } from './cache.ts';
import { cacheSize } from './clean.ts';
import { kernels } from './kernels.ts';
import { orphans } from './leftovers.ts';
import { run } from './program.ts';
import { findQemu } from './qemu.ts';
import { debianMirror } from './sources.ts';

/** Result of one check of the host. */
export interface Check {
  /** What was checked. */
  readonly name: string;
  /** `missing`: the lab does not work. `note`: it works with limits. */
  readonly state: 'ok' | 'missing' | 'note';
  /** What was found. */
  readonly text: string;
  /** What to do about it. */
  readonly hint?: string;
}

/** Checks everything that the lab needs. Changes nothing. */
export async function doctor(cache: string = cacheFolder(), root: string = runRoot()): Promise<Check[]> {
  const checks: Check[] = [];
  try {
    const { path, version, sandbox } = await findQemu();
    checks.push({ name: 'QEMU', state: 'ok', text: `${version}, ${path}` });
    checks.push(
      sandbox
        ? { name: 'sandbox', state: 'ok', text: 'QEMU runs under seccomp' }
        : {
            name: 'sandbox',
            state: 'note',
            text: 'QEMU does not support seccomp here: guests run unconfined',
          },
    );
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error;
    checks.push({
      name: 'QEMU',
      state: 'missing',
      text: error.message,
      ...(error.hint ? { hint: error.hint } : {}),
    });
  }
  checks.push(await debianTools());
  checks.push(cacheCheck(cache));
  const cached = kernels(cache);
  checks.push({
    name: 'kernels',
    state: cached.length > 0 ? 'ok' : 'note',
    text: cached.map(({ name, release }) => `${name} (${release})`).join(', ') || 'none in the cache',
    ...(cached.length > 0 ? {} : { hint: 'transplant lab setup' }),
  });
  const left = [...orphans(join(cache, 'tmp')), ...orphans(root)];
  if (left.length > 0) {
    checks.push({
      name: 'leftovers',
      state: 'note',
      text: left.join(', '),
      hint: 'The next run removes them.',
    });
  }
  return checks;
}

/** apt and dpkg are needed only for Debian's kernels. */
async function debianTools(): Promise<Check> {
  const name = 'Debian packages';
  const absent: string[] = [];
  for (const program of ['apt-get', 'apt-cache', 'apt-config', 'dpkg']) {
    const { status } = await run(program, ['--version']).catch(() => ({ status: 1 }));
    if (status !== 0) absent.push(program);
  }
  const hint = 'Use the path of a ppc64le vmlinux instead of a Debian kernel.';
  if (absent.length > 0) return { name, state: 'note', text: `no ${absent.join(', ')}`, hint };
  const mirror = debianMirror(hostSources('/etc/apt'));
  if (!mirror) return { name, state: 'note', text: 'apt has no Debian mirror', hint };
  return { name, state: 'ok', text: `apt, from ${mirror.uri}` };
}

function cacheCheck(cache: string): Check {
  const name = 'cache';
  let existing = cache;
  while (!existsSync(existing)) existing = dirname(existing);
  try {
    accessSync(existing, constants.W_OK);
  } catch {
    return {
      name,
      state: 'missing',
      text: `${cache} is not writable`,
      hint: 'Set TRANSPLANT_CACHE to another folder.',
    };
  }
  const busybox = existsSync(busyboxFile(cache)) ? '' : ', no busybox for guests yet';
  return { name, state: 'ok', text: `${cache}, ${Math.round(cacheSize(cache) / 2 ** 20)} MiB${busybox}` };
}
