import type { PseriesKernel } from '../pseries/pseries-kernel.ts';
import type { CryptoApi } from './crypto-api.ts';

/** What the drivers of platform facilities use of a kernel. */
export interface DriverKernel extends PseriesKernel {
  readonly crypto: CryptoApi;
  /** The random number generator in use. */
  hwrng: Hwrng | undefined;
}

/** struct hwrng. */
export interface Hwrng {
  /** @returns random bytes, or a negative errno */
  read(): Uint8Array | number;
}
