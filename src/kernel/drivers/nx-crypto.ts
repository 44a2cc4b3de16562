import { vioDrivers } from '../../partition/index.ts';
import { EINVAL, ENODEV } from '../core/errno.ts';
import type { Flow } from '../core/flow.ts';
import { KERN_ERR, KERN_INFO, KERN_WARNING } from '../core/log.ts';
import { shared } from '../core/watch.ts';
import { cString, findProperty, readCell, startsString } from '../of/device-node.ts';
import type { VioDevice, VioDriver } from '../pseries/vio-bus.ts';
import { hCopSync } from './cop.ts';
import type { Algorithm } from './crypto-api.ts';
import { devPrint } from './dev-print.ts';
import type { DriverKernel } from './driver-kernel.ts';
import { type Capabilities, type Capability, capabilityKey, isUsable, readSyncCop } from './nx-sync-cop.ts';

const FC_AES = 0;
const FC_SHA = 2;
const ENTRY_SIZE = 16;
const NX_PAGE_SIZE = 4096;

const allSlots = [0, 1, 2];

/** Algorithms in the order of registration: function code, mode, and slots of the key sizes. */
const algorithms: readonly (readonly [fc: number, mode: number, slots: readonly number[]])[] = [
  [FC_AES, 0, allSlots],
  [FC_AES, 1, allSlots],
  [FC_AES, 7, allSlots],
  [FC_AES, 4, allSlots],
  [FC_AES, 4, allSlots],
  [FC_AES, 6, allSlots],
  [FC_AES, 6, allSlots],
  [FC_SHA, 0, [1]],
  [FC_SHA, 0, [2]],
  [FC_AES, 20, allSlots],
];

/**
 * nx-crypto (drivers/crypto/nx/nx.c): reads `status`, `ibm,max-sg-len` and `ibm,max-sync-cop` only at probe and has no
 * notifier. Removal resets neither these values nor the device, so a second probe fails.
 */
export class NxCrypto implements VioDriver {
  readonly module = 'nx-crypto';
  readonly name = vioDrivers['nx-crypto'].name;
  #device: VioDevice | undefined;
  readonly #found = new Set<string>();
  #maxSgLen = 0;
  readonly #capabilities: Capabilities = new Map();
  #offered = false;

  readonly #algorithm: Algorithm = new EcbAes(this);
  readonly #k: DriverKernel;

  constructor(k: DriverKernel) {
    this.#k = k;
  }

  load(): boolean {
    return true;
  }

  probe(device: VioDevice): number {
    const k = this.#k;
    if (this.#device) {
      devPrint(k, KERN_ERR, device, 'nx_probe: Attempt to register more than one instance of the hardware');
      return -EINVAL;
    }
    k.watcher?.write(shared.drivers);
    this.#device = device;
    this.#readNode(device);
    if (this.#found.size < 3) return -1;
    this.#registerAll(device);
    return 0;
  }

  remove(): undefined {
    const k = this.#k;
    if (this.#offered) k.crypto.unregister(k, this.#algorithm, ['nx_remove', 'vio_bus_remove']);
    k.watcher?.write(shared.drivers);
    this.#offered = false;
  }

  values(): Readonly<Record<string, number>> {
    const ecb = this.#ecb();
    return {
      max_sg_len: this.#maxSgLen,
      ...(ecb && { 'ecb-aes databytelen': ecb.bytes, 'ecb-aes sglen': ecb.entries }),
    };
  }

  /** nx_of_init(). */
  #readNode(device: VioDevice): void {
    const k = this.#k;
    const read = (name: string, take: (value: Uint8Array) => boolean) => {
      const property = device.node && findProperty(device.node, name);
      if (!property) devPrint(k, KERN_INFO, device, `nx_of_init: property '${name}' not found`);
      else if (take(property.value)) this.#found.add(name);
    };
    read('status', (value) => {
      const okay = startsString(value, 'okay');
      if (!okay)
        devPrint(k, KERN_INFO, device, `nx_of_update_status: status '${cString(value)}' is not 'okay'`);
      return okay;
    });
    read('ibm,max-sg-len', (value) => {
      if (value.length === 4) this.#maxSgLen = readCell(value);
      else devPrint(k, KERN_ERR, device, 'nx_of_update_sglen: unexpected format for ibm,max-sg-len property');
      return value.length === 4;
    });
    read('ibm,max-sync-cop', (value) => {
      readSyncCop(k, device, value, this.#capabilities);
      return true;
    });
  }

  /** nx_register_algs(): algorithms with invalid limits are logged and skipped. */
  #registerAll(device: VioDevice): void {
    const k = this.#k;
    for (const [fc, mode, slots] of algorithms) {
      for (const key of slots) {
        const capability = this.#capabilities.get(capabilityKey(fc, mode, key));
        if (isUsable(capability)) continue;
        const { entries = 0, bytes = 0 } = capability ?? {};
        const text = `bogus sglen/databytelen for ${fc}/${mode}/${key}: ${entries}/${bytes} (ignored)`;
        devPrint(k, KERN_WARNING, device, text);
        break;
      }
    }
    if (!allSlots.every((key) => isUsable(this.#capabilities.get(capabilityKey(FC_AES, 0, key))))) return;
    k.crypto.register(k, this.#algorithm);
    this.#offered = true;
  }

  #ecb(): Capability | undefined {
    return this.#capabilities.get(capabilityKey(FC_AES, 0, 0));
  }

  /** For its algorithm: ecb_aes_nx_crypt() with a key of 128 bits, split as by nx_build_sg_lists(). */
  *encrypt(length: number): Flow<number> {
    const k = this.#k;
    k.watcher?.read(shared.drivers);
    const ecb = this.#ecb();
    if (!this.#device || !ecb) return -ENODEV;
    const pages = Math.min(
      ecb.entries,
      Math.floor(this.#maxSgLen / ENTRY_SIZE),
      Math.floor(ecb.bytes / NX_PAGE_SIZE),
    );
    const most = Math.min(ecb.bytes, pages * NX_PAGE_SIZE);
    if (most === 0) return length === 0 ? 0 : -EINVAL;
    for (let left = length; left > 0; left -= most) {
      const error = yield* hCopSync(k, this.#device, FC_AES, Math.min(left, most));
      k.watcher?.read(shared.drivers);
      if (error !== 0) return error;
    }
    return 0;
  }
}

class EcbAes implements Algorithm {
  readonly name = 'ecb-aes-nx';
  users = 0;
  readonly #driver: NxCrypto;

  constructor(driver: NxCrypto) {
    this.#driver = driver;
  }

  run(length: number): Flow<number> {
    return this.#driver.encrypt(length);
  }
}
