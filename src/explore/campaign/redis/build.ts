import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the compiled modules. */
const rooms = fileURLToPath(new URL('../../../', import.meta.url));

/**
 * Version and digest of the running code, such as `0.1.0-6f2a9c01`. Choices mean something else in another build, and two
 * states of a checkout have the same version.
 */
export function buildName(): string {
  const { version } = JSON.parse(readFileSync(join(rooms, '../package.json'), 'utf8')) as { version: string };
  const hash = createHash('sha256');
  const names = readdirSync(rooms, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.js'),
  );
  for (const name of names.sort()) hash.update(`${name}\0`).update(readFileSync(join(rooms, name)));
  return `${version}-${hash.digest('hex').slice(0, 8)}`;
}
