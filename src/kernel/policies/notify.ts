import type { Flow } from '../core/flow.ts';
import { shared } from '../core/watch.ts';
import type { Notifier, ReconfigData } from '../of/notifier.ts';
import { nodeBaseName } from '../of/print.ts';
import { ofNodeGet, ofNodePut } from '../of/reference.ts';
import { applyDelete } from '../pseries/mobility-nodes.ts';
import type { Policy, PseriesKernel } from '../pseries/pseries-kernel.ts';
import { attachDevice, releaseDriver } from '../pseries/vio-bind.ts';
import { linkTo } from '../pseries/vio-bus.ts';
import { addSubtree } from './attach-subtree.ts';
import { isOnBus } from './rebind.ts';

/**
 * Drivers are notified: a driver unbinds when its node is removed, the bus puts the node, and the driver binds again to the node that
 * replaces it. Devices stay registered. A device without driver keeps its node.
 */
export const notify: Policy = {
  name: 'notify',
  since: 'proposed in the thread of October 2021',
  explanation:
    'each driver unbinds when its node is removed and binds to the new one; clients are interrupted',
  deleteNode: applyDelete,
  addNode: addSubtree,
  install,
};

function install(k: PseriesKernel): void {
  k.of.notifiers.register(new DriverNotifier(k));
}

class DriverNotifier implements Notifier {
  readonly name = 'vio_driver_of_notifier';
  readonly #k: PseriesKernel;

  constructor(k: PseriesKernel) {
    this.#k = k;
  }

  notify(data: ReconfigData): Flow<number> {
    return answer(this.#k, data);
  }
}

function* answer(k: PseriesKernel, { action, node }: ReconfigData): Flow<number> {
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
