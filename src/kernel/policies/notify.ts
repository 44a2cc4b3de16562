import type { Flow } from '../core/flow.ts';
import { shared } from '../core/watch.ts';
import type { Kernel } from '../kernel.ts';
import type { ReconfigData } from '../of/notifier.ts';
import { nodeBaseName } from '../of/print.ts';
import { ofNodeGet, ofNodePut } from '../of/reference.ts';
import { obeyDelete } from '../pseries/mobility-nodes.ts';
import { linkTo } from '../pseries/vio.ts';
import { attachDevice, releaseDriver } from '../pseries/vio-bind.ts';
import { addSubtree } from './attach-subtree.ts';
import type { Policy } from './policy.ts';
import { isOnBus } from './rebind.ts';

/**
 * The drivers answer: each stops when its node goes, has the bus let go of the node, and starts again on the node that
 * comes in its place. Devices stay registered; one without a driver has nobody who answers, and holds its node as ever.
 */
export const notify: Policy = {
  name: 'notify',
  since: 'proposed in the thread of October 2021',
  explanation:
    'each driver lets go of its node when it is removed, and takes the new one; clients are interrupted',
  deleteNode: obeyDelete,
  addNode: addSubtree,
  install: (k) => k.of.notifiers.register({ name: 'vio_driver_of_notifier', notify: answer }),
};

function* answer(k: Kernel, { action, node }: ReconfigData): Flow<number> {
  if (action === 'detach') {
    const device = k.vio.devices.find((each) => each.node === node);
    if (!device?.driver) return 0;
    yield* releaseDriver(k, device);
    k.watcher?.write(shared.vio);
    device.node = null;
    device.link = undefined;
    ofNodePut(k, node, device.holder, ['vio_driver_of_notifier']);
  } else if (action === 'attach' && isOnBus(node)) {
    const device = k.vio.devices.find((each) => each.node === null && each.name === nodeBaseName(node));
    if (!device) return 0;
    ofNodeGet(k, node, device.holder, ['vio_driver_of_notifier']);
    k.watcher?.write(shared.vio);
    device.node = node;
    device.link = linkTo(node);
    yield* attachDevice(k, device);
  }
  return 0;
}
