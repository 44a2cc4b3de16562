import type { Flow } from '../core/flow.ts';
import { type DeviceNode, isType } from '../of/device-node.ts';
import type { Notifier, ReconfigData } from '../of/notifier.ts';
import { applyDelete } from '../pseries/mobility-nodes.ts';
import type { Policy, PseriesKernel } from '../pseries/pseries-kernel.ts';
import { vioRegisterDeviceNode, vioUnregisterDevice } from '../pseries/vio.ts';
import { attachDevice, releaseDriver } from '../pseries/vio-bind.ts';
import { addSubtree } from './attach-subtree.ts';

/** The VIO bus follows the tree. Drivers need no change; all users of a device are interrupted. */
export const rebind: Policy = {
  name: 'rebind',
  since: 'proposed in the thread of October 2021',
  explanation:
    'the VIO bus unregisters a device when its node is removed, and registers and binds one when a node is added',
  deleteNode: applyDelete,
  addNode: addSubtree,
  install,
};

function install(k: PseriesKernel): void {
  k.of.notifiers.register(new BusNotifier(k));
}

class BusNotifier implements Notifier {
  readonly name = 'vio_of_notifier';
  readonly #k: PseriesKernel;

  constructor(k: PseriesKernel) {
    this.#k = k;
  }

  notify(data: ReconfigData): Flow<number> {
    return follow(this.#k, data);
  }
}

function* follow(k: PseriesKernel, { action, node }: ReconfigData): Flow<number> {
  if (action === 'detach') {
    const device = k.vio.devices.find((each) => each.node === node);
    if (!device) return 0;
    yield* releaseDriver(k, device);
    vioUnregisterDevice(k, device);
  } else if (action === 'attach' && isOnBus(node)) {
    const device = vioRegisterDeviceNode(k, node);
    if (device) yield* attachDevice(k, device);
  }
  return 0;
}

/** Whether the bus creates a device for such a node (vio_register_device_node). */
export function isOnBus(node: DeviceNode): boolean {
  return isType(node.parent, 'ibm,platform-facilities') || isType(node.parent, 'vdevice');
}
