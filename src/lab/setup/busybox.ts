import { existsSync } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { type AptOptions, openApt } from './apt.ts';
import { writeAtomically } from './cache.ts';
import { withLock } from './lock.ts';
import { runOk } from './program.ts';

/** Path of the guest's busybox in the cache: static, ppc64le. */
export function busyboxFile(cache: string): string {
  return join(cache, 'busybox', 'busybox');
}

/**
 * Downloads Debian's busybox for the guest unless the cache has it. All kernels use that of bookworm, so that all guests have the
 * same shell.
 * @returns its path
 * @throws EnvironmentError when the download fails
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
        const complete = join(scratch, 'complete');
        await mkdir(complete);
        await rename(join(scratch, 'root', 'bin', 'busybox'), join(complete, 'busybox'));
        return complete;
      });
    },
    (pid) => options.onProgress({ text: `wait for process ${pid}: it downloads busybox` }),
  );
  return file;
}
