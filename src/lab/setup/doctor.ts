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

/** One thing that the lab needs or likes to have. */
export interface Check {
  readonly name: string;
  /** `note`: the lab works without it, less well or less widely. */
  readonly state: 'ok' | 'missing' | 'note';
  /** What was found. */
  readonly text: string;
  /** What to do about it. */
  readonly hint?: string;
}

/** Looks at all that the lab needs, changes nothing. */
export async function doctor(cache: string = cacheFolder(), root: string = runRoot()): Promise<Check[]> {
  const checks: Check[] = [];
  try {
    const { path, version, sandbox } = await findQemu();
    checks.push({ name: 'QEMU', state: 'ok', text: `${version}, ${path}` });
    checks.push(
      sandbox
        ? { name: 'sandbox', state: 'ok', text: 'QEMU runs under seccomp' }
        : { name: 'sandbox', state: 'note', text: 'QEMU without seccomp: guests run unconfined' },
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
  const made = kernels(cache);
  checks.push({
    name: 'kernels',
    state: made.length > 0 ? 'ok' : 'note',
    text: made.map(({ name, release }) => `${name} (${release})`).join(', ') || 'none in the cache',
    ...(made.length > 0 ? {} : { hint: 'transplant lab setup' }),
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

/** Needed only to fetch Debian's kernels. */
async function debianTools(): Promise<Check> {
  const name = 'Debian packages';
  const absent: string[] = [];
  for (const program of ['apt-get', 'apt-cache', 'apt-config', 'dpkg']) {
    const { status } = await run(program, ['--version']).catch(() => ({ status: 1 }));
    if (status !== 0) absent.push(program);
  }
  const hint = 'Give the path of a ppc64le vmlinux instead of a Debian kernel.';
  if (absent.length > 0) return { name, state: 'note', text: `no ${absent.join(', ')}`, hint };
  const mirror = debianMirror(hostSources('/etc/apt'));
  if (!mirror) return { name, state: 'note', text: 'apt knows no Debian mirror', hint };
  return { name, state: 'ok', text: `apt, from ${mirror.uri}` };
}

function cacheCheck(cache: string): Check {
  const name = 'cache';
  let there = cache;
  while (!existsSync(there)) there = dirname(there);
  try {
    accessSync(there, constants.W_OK);
  } catch {
    return {
      name,
      state: 'missing',
      text: `${cache} cannot be written`,
      hint: 'Name another folder in TRANSPLANT_CACHE.',
    };
  }
  const busybox = existsSync(busyboxFile(cache)) ? '' : ', no busybox for the guest yet';
  return { name, state: 'ok', text: `${cache}, ${Math.round(cacheSize(cache) / 2 ** 20)} MiB${busybox}` };
}
