import { hcallStatus, hcalls } from '../../papr/index.ts';
import { vioDrivers } from '../../partition/index.ts';
import { EIO, ENODEV } from '../core/errno.ts';
import { KERN_ERR, KERN_INFO } from '../core/log.ts';
import { shared } from '../core/watch.ts';
import type { VioDriver } from '../pseries/vio-bus.ts';
import type { DriverKernel, Hwrng } from './driver-kernel.ts';

const BYTES = 8;

/**
 * pseries-rng (drivers/char/hw_random/pseries-rng.c): 64 bits from the hypervisor per read. It reads no property of its
 * node and has no notifier.
 */
export class PseriesRng implements VioDriver, Hwrng {
  readonly module = 'pseries-rng';
  readonly name = vioDrivers['pseries-rng'].name;
  readonly #k: DriverKernel;
  #made = 0n;

  constructor(k: DriverKernel) {
    this.#k = k;
  }

  load(): boolean {
    this.#k.log.print(KERN_INFO, `${this.name}: Registering IBM pSeries RNG driver`);
    return true;
  }

  probe(): number {
    const k = this.#k;
    k.watcher?.write(shared.drivers);
    k.hwrng = this;
    return 0;
  }

  remove(): undefined {
    const k = this.#k;
    k.watcher?.write(shared.drivers);
    if (k.hwrng === this) k.hwrng = undefined;
  }

  values(): Readonly<Record<string, number>> {
    return {};
  }

  /** pseries_rng_read(). Without a hypervisor the bytes are a counter, so that runs repeat. */
  read(): Uint8Array | number {
    const k = this.#k;
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
export function readHwrng(k: DriverKernel): Uint8Array | number {
  k.watcher?.read(shared.drivers);
  return k.hwrng ? k.hwrng.read() : -ENODEV;
}
