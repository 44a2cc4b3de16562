import { existsSync } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { type AptOptions, openApt } from './apt.ts';
import { writeAtomically } from './cache.ts';
import { withLock } from './lock.ts';
import { runOk } from './program.ts';

/** Where the cache keeps the guest's busybox: static, ppc64le. */
export function busyboxFile(cache: string): string {
  return join(cache, 'busybox', 'busybox');
}

/**
 * Fetches Debian's busybox for the guest unless the cache has it. One suite for all kernels, so that every guest runs the
 * same shell.
 * @throws EnvironmentError when it cannot be had
 */
export async function ensureBusybox(cache: string, options: AptOptions): Promise<string> {
  const file = busyboxFile(cache);
  if (existsSync(file)) return file;
  await withLock(
    cache,
    'busybox',
    async () => {
      if (existsSync(file)) return;
      await writeAtomically(cache, join(cache, 'busybox'), async (scratch) => {
        const apt = await openApt(join(scratch, 'apt'), 'bookworm', options);
        await runOk('dpkg', ['-x', await apt.download('busybox-static'), join(scratch, 'root')]);
        const whole = join(scratch, 'whole');
        await mkdir(whole);
        await rename(join(scratch, 'root', 'bin', 'busybox'), join(whole, 'busybox'));
        return whole;
      });
    },
    (pid) => options.onProgress({ text: `wait for process ${pid}, which fetches busybox` }),
  );
  return file;
}
