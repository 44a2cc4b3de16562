import type { DriverName } from '../../partition/index.ts';
import type { VioDriver } from '../pseries/vio-bus.ts';
import type { DriverKernel } from './driver-kernel.ts';
import { Nx842 } from './nx-842.ts';
import { NxCrypto } from './nx-crypto.ts';
import { PseriesRng } from './pseries-rng.ts';

const drivers: Readonly<Record<DriverName, new (k: DriverKernel) => VioDriver>> = {
  'pseries-rng': PseriesRng,
  'nx-compress-pseries': Nx842,
  'nx-crypto': NxCrypto,
};

/** A driver in the state after its module was loaded. */
export function makeDriver(name: DriverName, k: DriverKernel): VioDriver {
  return new drivers[name](k);
}
