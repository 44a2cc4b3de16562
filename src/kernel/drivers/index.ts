import type { DriverName, VioDriver } from './driver.ts';
import { Nx842 } from './nx-842.ts';
import { NxCrypto } from './nx-crypto.ts';
import { PseriesRng } from './pseries-rng.ts';

export type { DriverName, VioDriver } from './driver.ts';

const make: Readonly<Record<DriverName, () => VioDriver>> = {
  'pseries-rng': () => new PseriesRng(),
  'nx-compress-pseries': () => new Nx842(),
  'nx-crypto': () => new NxCrypto(),
};

/** The drivers that the model knows, in the order in which they are loaded. */
export const driverNames = Object.keys(make) as readonly DriverName[];

/** A driver as it is when its module has just been loaded. */
export function makeDriver(name: DriverName): VioDriver {
  return make[name]();
}
