import { expect, test } from 'vitest';
import { EnvironmentError } from '../../src/base/index.ts';
import { loadRedis } from '../../src/explore/load-redis.ts';

/** A loader that fails as Node does when an import finds no package of that name. */
function withoutPackage(name: string) {
  const message = `Cannot find package '${name}' imported from /app/node_modules/transplant/dist/explore/redis.js`;
  return () => Promise.reject(Object.assign(new Error(message), { code: 'ERR_MODULE_NOT_FOUND' }));
}

test.each(['bullmq', 'ioredis'])('without %s the error says what to install', async (name) => {
  const error = await loadRedis(withoutPackage(name)).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(EnvironmentError);
  expect(error).toMatchObject({
    message: `campaigns on Redis need the package ${name}, which is not installed`,
    hint: 'npm install bullmq ioredis',
  });
});

test('any other failure to load is passed on', async () => {
  await expect(loadRedis(withoutPackage('tinypool'))).rejects.toThrow("Cannot find package 'tinypool'");
  await expect(loadRedis(() => Promise.reject(new SyntaxError('no such export')))).rejects.toThrow(
    SyntaxError,
  );
});

test('with both packages it loads', async () => {
  expect(await loadRedis()).toHaveProperty('connectRedis');
});
