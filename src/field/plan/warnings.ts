import type { PlanOptions } from './plan.ts';

/** Drivers that read their node when they are bound, and never again. */
const readOnce = new Set(['nx-crypto', 'nx-compress-pseries']);

/** What a command for a property does beside, or does not do. */
export function warningsOf(
  path: string,
  name: string,
  { release = '', devices = [] }: PlanOptions,
): readonly string[] {
  const warnings = [leak(release)];
  const facility = /^\/ibm,platform-facilities\/([^/]+)$/.exec(path)?.[1];
  const driver = devices.find((device) => device.name === facility)?.driver?.replaceAll('_', '-');
  if (driver !== undefined && readOnce.has(driver))
    warnings.push(`${driver} has read its node and will not do so again until it is bound anew`);
  else if (facility !== undefined && devices.length === 0)
    warnings.push('a driver that has read it will not do so again until it is bound anew');
  if (path === '/rtas' && !olderThan(release, 6, 12) && name !== 'rtas-version')
    warnings.push(
      'kernels from 6.12 on read the tokens of firmware calls at boot only: no effect before a restart',
    );
  return warnings;
}

/** The commands look the node up by its phandle and never drop that reference (reconfig.c, every release to 7.2). */
function leak(release: string): string {
  const where = release === '' ? 'on every release up to 7.2' : `on ${release}`;
  return `leaks one reference to the node ${where}: should it be removed later, it is never freed`;
}

function olderThan(release: string, major: number, minor: number): boolean {
  const match = /^(\d+)\.(\d+)/.exec(release);
  if (!match) return false;
  const [, have = 0, haveMinor = 0] = match.map(Number);
  return have < major || (have === major && haveMinor < minor);
}
