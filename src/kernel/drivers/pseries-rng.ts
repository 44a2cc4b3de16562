import { hcallStatus, hcalls } from '../../papr/index.ts';
import { EIO, ENODEV } from '../core/errno.ts';
import { KERN_ERR, KERN_INFO } from '../core/log.ts';
import { shared } from '../core/watch.ts';
import type { Kernel } from '../kernel.ts';
import type { VioDriver } from './driver.ts';

const BYTES = 8;

/**
 * pseries-rng (drivers/char/hw_random/pseries-rng.c): 64 bits from the hypervisor at a time. It reads no property of its
 * node and listens to nothing.
 */
export class PseriesRng implements VioDriver {
  readonly module = 'pseries-rng';
  readonly name = 'pseries_rng';
  readonly ids = [['ibm,random-v1', 'ibm,random']] as const;
  #made = 0n;

  load(k: Kernel): boolean {
    k.log.print(KERN_INFO, `${this.name}: Registering IBM pSeries RNG driver`);
    return true;
  }

  probe(k: Kernel): number {
    k.watcher?.write(shared.drivers);
    k.hwrng = this;
    return 0;
  }

  remove(k: Kernel): undefined {
    k.watcher?.write(shared.drivers);
    if (k.hwrng === this) k.hwrng = undefined;
  }

  values(): Readonly<Record<string, number>> {
    return {};
  }

  /** pseries_rng_read(). Where nobody answers H_RANDOM the bytes count up, so that runs repeat. */
  read(k: Kernel): Uint8Array | number {
    const result = k.firmware.hcall(hcalls.H_RANDOM, []);
    if (result && result.status !== hcallStatus.H_SUCCESS) {
      k.log.print(KERN_ERR, `${this.name}: H_RANDOM call failed ${result.status}`);
      return -EIO;
    }
    const bytes = new Uint8Array(BYTES);
    new DataView(bytes.buffer).setBigUint64(0, BigInt.asUintN(64, result?.values[0] ?? ++this.#made));
    return bytes;
  }
}

/** One read(2) of /dev/hwrng. */
export function readHwrng(k: Kernel): Uint8Array | number {
  k.watcher?.read(shared.drivers);
  return k.hwrng ? k.hwrng.read(k) : -ENODEV;
}
