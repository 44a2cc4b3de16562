import { EnvironmentError } from '../base/index.ts';

/** The names of `transplant/explore/redis`. */
export type RedisCampaigns = typeof import('./redis.ts');

/** Packages that only campaigns on Redis need: optional peer dependencies, 34 MB together. */
const OPTIONAL_PACKAGES = 'bullmq ioredis';

const load = () => import('./redis.ts');

/**
 * Loads what campaigns on Redis or Valkey need.
 * @throws EnvironmentError when one of its optional packages is not installed, with the command that installs them
 */
export async function loadRedis(importRedis: () => Promise<RedisCampaigns> = load): Promise<RedisCampaigns> {
  try {
    return await importRedis();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const [, missing = ''] = /^Cannot find package '([^']+)'/.exec(message) ?? [];
    if (code !== 'ERR_MODULE_NOT_FOUND' || !OPTIONAL_PACKAGES.split(' ').includes(missing)) throw error;
    throw new EnvironmentError(
      `campaigns on Redis need the package ${missing}, which is not installed`,
      `npm install ${OPTIONAL_PACKAGES}`,
    );
  }
}
