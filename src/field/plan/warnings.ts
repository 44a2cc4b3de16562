import { parseVersion } from '../../base/index.ts';
import { driverFacts, nearestRelease, releases, staleProperties } from '../../partition/index.ts';
import type { PlanOptions } from './plan.ts';

/** Side effects of a command for a property, and reasons why it may have no effect. */
export function warningsOf(
  path: string,
  name: string,
  { release = '', devices = [] }: PlanOptions,
): readonly string[] {
  const warnings = [leak(release)];
  const facility = /^\/ibm,platform-facilities\/([^/]+)$/.exec(path)?.[1];
  const driver = driverFacts(devices.find((device) => device.name === facility)?.driver ?? null);
  if (driver && staleProperties(driver).length > 0)
    warnings.push(`${driver.module} has read its node and reads it again only when it is bound again`);
  else if (facility !== undefined && devices.length === 0)
    warnings.push('a driver that has read it reads it again only when it is bound again');
  if (path === '/rtas' && name !== 'rtas-version' && readsTokensOnce(release))
    warnings.push(
      'kernels since 6.12 read the tokens of firmware calls at boot only: no effect before a restart',
    );
  return warnings;
}

/** The command looks the node up by its phandle and never drops that reference (reconfig.c, every release to 7.2). */
function leak(release: string): string {
  const where = release === '' ? 'on every release up to 7.2' : `on ${release}`;
  return `leaks one reference to the node ${where}: if the node is removed later, it is never freed`;
}

/** An unknown release gets the warning as well. */
function readsTokensOnce(release: string): boolean {
  return !parseVersion(release) || releases[nearestRelease(release)].rtasTokens === 'boot';
}
