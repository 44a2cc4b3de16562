import { vioDrivers } from '../../partition/index.ts';
import { EINVAL, EIO, ENODEV, ENOSPC } from '../core/errno.ts';
import type { Flow, Waitable } from '../core/flow.ts';
import { KERN_ERR, KERN_INFO } from '../core/log.ts';
import { shared } from '../core/watch.ts';
import {
  cString,
  findProperty,
  isCompatible,
  type LiveProperty,
  readCell,
  startsString,
} from '../of/device-node.ts';
import { nodesWithProperty } from '../of/find.ts';
import type { Notifier, ReconfigData } from '../of/notifier.ts';
import type { VioDevice, VioDriver } from '../pseries/vio-bus.ts';
import { hCopSync } from './cop.ts';
import type { Algorithm } from './crypto-api.ts';
import { devPrint } from './dev-print.ts';
import type { DriverKernel } from './driver-kernel.ts';

/** struct nx842_devdata: the limits of compression requests. */
interface Limits {
  max_sync_size: number;
  max_sync_sg: number;
  max_sg_len: number;
}

const disabled: Readonly<Limits> = { max_sync_size: 0, max_sync_sg: 0, max_sg_len: 0 };

const { lines } = vioDrivers['nx-compress-pseries'];

const COMPRESS_CRC = 1;
const MAX_GROUPS = 32;
const KERNEL_PAGE = 65536;
const HW_PAGE = 4096;
const SYNC_SIZE_MAX = 65536;
const SYNC_COP_SIZE = 24;

/**
 * nx-compress-pseries (drivers/crypto/nx/nx-common-pseries.c; nx-842-pseries.c in v5.10).
 *
 * It reads its node at probe and is notified of updates of every node with the same name. As in the kernel, the test whether the
 * property is relevant compares as many bytes as the new *value* has. It finds a difference for every value that is not empty, so
 * the driver only reports unchanged limits.
 */
export class Nx842 implements VioDriver {
  readonly module = 'nx-compress-pseries';
  readonly name = vioDrivers['nx-compress-pseries'].name;
  #device: VioDevice | undefined;
  #limits: Limits = { ...disabled };
  /** nx842_pseries_constraints.maximum: keeps its value after errors of the device, and splits requests. */
  #maxPerOperation = KERNEL_PAGE;
  readonly #readers = new Readers();

  readonly #algorithm: Algorithm = new Compression(this);
  readonly #notifier: Notifier = new Nx842Notifier(this);
  readonly #k: DriverKernel;

  constructor(k: DriverKernel) {
    this.#k = k;
  }

  /** nx842_pseries_init(): fails without a node of the right type. */
  load(): boolean {
    for (const np of nodesWithProperty(this.#k, 'compatible'))
      if (isCompatible(np, 'ibm,compression')) return true;
    return false;
  }

  /** nx842_probe(). After a failure the notifier stays registered and the device stays set. */
  *probe(device: VioDevice): Flow<number> {
    const k = this.#k;
    if (this.#device) {
      devPrint(
        k,
        KERN_ERR,
        device,
        'nx842_probe: Attempt to register more than one instance of the hardware',
      );
      return -1;
    }
    k.watcher?.write(shared.drivers);
    this.#device = device;
    this.#limits = { ...disabled };
    k.of.notifiers.register(this.#notifier);
    const error = yield* this.#update(undefined);
    if (error === 0) k.crypto.register(k, this.#algorithm);
    return error;
  }

  /** nx842_remove(). */
  *remove(): Flow<void> {
    const k = this.#k;
    k.log.print(KERN_INFO, 'Removing IBM Power 842 compression device');
    k.crypto.unregister(k, this.#algorithm, ['nx842_remove', 'vio_bus_remove']);
    k.of.notifiers.unregister(this.#notifier);
    this.#device = undefined;
    this.#limits = { ...disabled };
    yield* this.#synchronize();
  }

  values(): Readonly<Record<string, number>> {
    return { ...this.#limits };
  }

  *notify(data: ReconfigData): Flow<number> {
    const k = this.#k;
    const device = this.#device;
    if (device?.node && data.action === 'update' && data.node.name === device.node.name) {
      k.events.note('driver', 'notify', `${this.name}: update of ${data.property.name}`);
      yield* this.#update(data.property);
    }
    return 0;
  }

  /** nx842_OF_upd(). @param changed the updated property; absent at probe */
  *#update(changed: LiveProperty | undefined): Flow<number> {
    const k = this.#k;
    const device = this.#device;
    if (!device?.node) return -ENODEV;
    const status = findProperty(device.node, 'status');
    const sgLength = findProperty(device.node, 'ibm,max-sg-len');
    const syncCop = findProperty(device.node, 'ibm,max-sync-cop');
    const old = this.#limits;
    k.watcher?.write(shared.drivers);
    let error = 0;
    if (!status || !sgLength || !syncCop) {
      devPrint(k, KERN_ERR, device, 'nx842_OF_upd: Could not locate device properties');
      error = -EINVAL;
    } else if (changed === undefined || changed.value.length === 0) {
      const now = { ...old };
      error = readStatus(k, device, status) || readSgLength(k, device, sgLength, now);
      error ||= this.#readSyncCop(device, syncCop, now);
      if (error === 0) this.#limits = now;
    }
    if (error === 0) this.#report(device, old);
    else {
      devPrint(k, KERN_INFO, device, lines.disabled.text());
      this.#limits = { ...disabled };
    }
    yield* this.#synchronize();
    return error;
  }

  #readSyncCop(device: VioDevice, { value }: LiveProperty, limits: Limits): number {
    const k = this.#k;
    if (value.length !== SYNC_COP_SIZE) {
      devPrint(
        k,
        KERN_ERR,
        device,
        'nx842_OF_upd_maxsyncop: unexpected format for ibm,max-sync-cop property',
      );
      return -EINVAL;
    }
    limits.max_sync_size = Math.min(readCell(value, 1), readCell(value, 4), SYNC_SIZE_MAX);
    if (limits.max_sync_size < HW_PAGE) return tooSmall(k, device, 'data', limits.max_sync_size);
    this.#maxPerOperation = limits.max_sync_size;
    limits.max_sync_sg = Math.min(readCell(value, 2), readCell(value, 5));
    return limits.max_sync_sg < 1 ? tooSmall(k, device, 'sg', limits.max_sync_sg) : 0;
  }

  #report(device: VioDevice, old: Limits): void {
    const k = this.#k;
    for (const limit of ['max_sync_size', 'max_sync_sg', 'max_sg_len'] as const) {
      devPrint(k, KERN_INFO, device, lines.value.text(limit, this.#limits[limit], old[limit]));
    }
  }

  /** nx842_crypto_compress() and nx842_pseries_compress(): splits by the limit that the probe set. */
  *compress(length: number): Flow<number> {
    const k = this.#k;
    if (Math.ceil(length / this.#maxPerOperation) > MAX_GROUPS) return -ENOSPC;
    for (let left = length; left > 0; left -= this.#maxPerOperation) {
      k.watcher?.read(shared.drivers);
      k.watcher?.read(readers);
      const device = this.#device;
      if (!device) return -ENODEV;
      this.#readers.count++;
      const error = yield* hCopSync(k, device, COMPRESS_CRC, Math.min(left, this.#maxPerOperation));
      k.watcher?.read(shared.drivers);
      k.watcher?.free(readers);
      this.#readers.count--;
      if (error !== 0) return -EIO;
    }
    return 0;
  }

  /** synchronize_rcu(): waits until no thread is in a request. */
  *#synchronize(): Flow<void> {
    const k = this.#k;
    if (k.scheduler.contended || !this.#readers.ready) yield this.#readers;
    k.watcher?.write(readers);
  }
}

class Compression implements Algorithm {
  readonly name = '842-nx';
  users = 0;
  readonly #driver: Nx842;

  constructor(driver: Nx842) {
    this.#driver = driver;
  }

  run(length: number): Flow<number> {
    return this.#driver.compress(length);
  }
}

class Nx842Notifier implements Notifier {
  readonly name = 'nx842_OF_notifier';
  readonly #driver: Nx842;

  constructor(driver: Nx842) {
    this.#driver = driver;
  }

  notify(data: ReconfigData): Flow<number> {
    return this.#driver.notify(data);
  }
}

/** Written and read by steps that are in a request or wait for its end. */
const readers = 'synchronize_rcu';

/** Requests inside rcu_read_lock(): synchronize_rcu() waits until there are none. */
class Readers implements Waitable {
  readonly what = readers;
  count = 0;

  get ready(): boolean {
    return this.count === 0;
  }
}

function readStatus(k: DriverKernel, device: VioDevice, { value }: LiveProperty): number {
  if (startsString(value, 'okay')) return 0;
  if (startsString(value, 'disabled')) return -ENODEV;
  devPrint(k, KERN_INFO, device, `nx842_OF_upd_status: unknown status '${cString(value)}'`);
  return -EINVAL;
}

function readSgLength(k: DriverKernel, device: VioDevice, { value }: LiveProperty, limits: Limits): number {
  if (value.length !== 4) {
    devPrint(k, KERN_ERR, device, 'nx842_OF_upd_maxsglen: unexpected format for ibm,max-sg-len property');
    return -EINVAL;
  }
  limits.max_sg_len = Math.min(readCell(value), HW_PAGE);
  return 0;
}

function tooSmall(k: DriverKernel, device: VioDevice, what: 'data' | 'sg', size: number): number {
  devPrint(
    k,
    KERN_ERR,
    device,
    `nx842_OF_upd_maxsyncop: hardware max ${what} size (${size}) is less than the driver minimum, unable to use the hardware device`,
  );
  return -EINVAL;
}
