import type { Flow } from '../core/flow.ts';
import type { Kernel } from '../kernel.ts';
import { type DeviceNode, isType } from '../of/device-node.ts';
import type { ReconfigData } from '../of/notifier.ts';
import { obeyDelete } from '../pseries/mobility-nodes.ts';
import { vioRegisterDeviceNode, vioUnregisterDevice } from '../pseries/vio.ts';
import { attachDevice, releaseDriver } from '../pseries/vio-bind.ts';
import { addSubtree } from './attach-subtree.ts';
import type { Policy } from './policy.ts';

/** The VIO bus follows the tree: no driver needs to know, every user of a device is cut off. */
export const rebind: Policy = {
  name: 'rebind',
  since: 'proposed in the thread of October 2021',
  explanation:
    'the VIO bus unbinds and unregisters a device when its node goes, registers and binds one when a node comes',
  deleteNode: obeyDelete,
  addNode: addSubtree,
  install: (k) => k.of.notifiers.register({ name: 'vio_of_notifier', notify: follow }),
};

function* follow(k: Kernel, { action, node }: ReconfigData): Flow<number> {
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

/** Whether the bus makes a device of such a node (vio_register_device_node). */
export function isOnBus(node: DeviceNode): boolean {
  return isType(node.parent, 'ibm,platform-facilities') || isType(node.parent, 'vdevice');
}
