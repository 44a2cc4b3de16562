import type { DriverName, DriverState } from '../../partition/index.ts';
import type { Flow } from '../core/flow.ts';
import { Mutex } from '../core/mutex.ts';
import { type DeviceNode, findProperty, readCell } from '../of/device-node.ts';
import { sysfsNames } from '../of/sysfs-directory.ts';

/** struct vio_driver (asm/vio.h): one instance per kernel, with the state that the module keeps. */
export interface VioDriver {
  readonly module: DriverName;
  /** Name in /sys/bus/vio/drivers, and the prefix of its messages. */
  readonly name: string;
  /** module_init() up to vio_register_driver(). @returns whether the driver is then registered */
  load(): boolean;
  /** @returns 0 or a negative errno; a flow where it may sleep */
  probe(device: VioDevice): Flow<number> | number;
  /** @returns a flow where it may sleep */
  remove(device: VioDevice): Flow<void> | undefined;
  /** Values in force, for observation. */
  values(): DriverState['values'];
}

/** struct vio_dev: a device on the VIO bus, which holds its node until it is released. */
export class VioDevice {
  readonly name: string;
  /** Name of its reference to the node in the ledger. */
  readonly holder: string;
  readonly family: 'VDEVICE' | 'PFO';
  /** The name of a platform facility or the device_type of a virtual device, which drivers match. */
  readonly type: string;
  /** `null` after a notifier put it (policy `notify`; no released kernel). */
  node: DeviceNode | null;
  /** The node's property `name` when the device was created. */
  readonly nodeName: string;
  readonly resourceId: number;
  driver: VioDriver | null = null;
  /** The result of the last read of `devspec`. */
  devspec: string | undefined;
  /** device_lock(). */
  readonly mutex: Mutex;
  /**
   * The `of_node` link: names of its directories, from the root of the tree. kernfs resolves them on each access, so the link can
   * dangle or lead to another node with this name.
   */
  link: readonly string[] | undefined;

  constructor(name: string, family: 'VDEVICE' | 'PFO', type: string, node: DeviceNode) {
    const id = family === 'PFO' ? findProperty(node, 'ibm,resource-id') : null;
    this.name = name;
    this.holder = `vio ${name}`;
    this.family = family;
    this.type = type;
    this.node = node;
    this.nodeName = node.name;
    this.resourceId = id ? readCell(id.value) : 0;
    this.mutex = new Mutex(`device_lock of ${name}`);
    this.link = linkTo(node);
  }
}

export function linkTo(node: DeviceNode): readonly string[] | undefined {
  return node.inSysfs ? sysfsNames(node) : undefined;
}

/** The VIO bus. */
export class VioBus {
  readonly devices: VioDevice[] = [];
  readonly drivers: VioDriver[] = [];
}
