import type { VioDriver } from '../pseries/vio-bus.ts';
import type { DriverKernel } from './driver-kernel.ts';
import { Nx842 } from './nx-842.ts';
import { NxCrypto } from './nx-crypto.ts';
import { PseriesRng } from './pseries-rng.ts';

const drivers = {
  'pseries-rng': PseriesRng,
  'nx-compress-pseries': Nx842,
  'nx-crypto': NxCrypto,
} as const satisfies Record<string, new (k: DriverKernel) => VioDriver>;

/** The drivers of platform facilities, by the names of their modules. */
export type DriverName = keyof typeof drivers;

/** The drivers that the model knows, in the order in which they are loaded. */
export const driverNames = Object.keys(drivers) as readonly DriverName[];

/** A driver in the state after its module was loaded. */
export function makeDriver(name: DriverName, k: DriverKernel): VioDriver {
  return new drivers[name](k);
}
