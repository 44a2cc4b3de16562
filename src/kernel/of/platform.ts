import { EINVAL } from '../core/errno.ts';
import { KERN_ERR } from '../core/log.ts';
import { cString, type DeviceNode, findProperty, type LiveProperty, OF_POPULATED } from './device-node.ts';
import { warnDuplicateKobject } from './duplicate.ts';
import type { Notifier, ReconfigData } from './notifier.ts';
import type { OfKernel } from './of-kernel.ts';
import { nodeName } from './print.ts';
import { ofNodeGet, ofNodePut } from './reference.ts';

const holder = 'platform device';

/**
 * of_platform_notify() (drivers/of/platform.c). Since v6.12 every node that is attached directly under the root gets a platform
 * device, which holds the node until it is detached. Earlier releases create devices only for children of populated buses, of
 * which a Power partition has none.
 */
export class PlatformNotifier implements Notifier {
  readonly name = 'of_platform_notify';
  readonly #k: OfKernel;

  constructor(k: OfKernel) {
    this.#k = k;
  }

  notify(data: ReconfigData): number {
    const k = this.#k;
    const change = stateChange(data);
    const { node } = data;
    if (change === 'add')
      return k.release.platformDevicesUnderRoot && node.parent === k.of.root ? create(k, node) : 0;
    if (change === 'remove' && node.has(OF_POPULATED)) destroy(k, node);
    return 0;
  }
}

/** of_platform_device_create(): the device has the node's name, which must be unique. */
function create(k: OfKernel, node: DeviceNode): number {
  if (node.has(OF_POPULATED)) return 0;
  const name = node.fullName;
  ofNodeGet(k, node, holder, ['of_device_alloc']);
  if (k.platformDevices.has(name)) {
    warnDuplicateKobject(k, '/devices/platform', name, ['device_add', 'of_device_add']);
    ofNodePut(k, node, holder, ['platform_device_release']);
    k.log.print(KERN_ERR, `OF: of_platform_notify: failed to create for '${nodeName(k, node)}'`);
    return -EINVAL;
  }
  node.flags |= OF_POPULATED;
  k.platformDevices.set(name, node);
  return 0;
}

function destroy(k: OfKernel, node: DeviceNode): void {
  node.flags &= ~OF_POPULATED;
  k.platformDevices.delete(node.fullName);
  ofNodePut(k, node, holder, ['platform_device_release']);
}

/** of_reconfig_get_state_change(): whether `status` now adds or removes a device. */
function stateChange(data: ReconfigData): 'add' | 'remove' | undefined {
  const [before, after] = states(data);
  if (before === after) return undefined;
  return after ? 'add' : 'remove';
}

function states(data: ReconfigData): readonly [boolean, boolean] {
  if (data.action === 'attach' || data.action === 'detach') {
    const okay = isOkay(findProperty(data.node, 'status'));
    return data.action === 'attach' ? [false, okay] : [okay, false];
  }
  if (data.property.name !== 'status') return [false, false];
  if (data.action === 'add') return [true, isOkay(data.property)];
  if (data.action === 'remove') return [isOkay(data.property), true];
  return [isOkay(data.old), isOkay(data.property)];
}

/** A missing status means `okay`. */
function isOkay(status: LiveProperty | null): boolean {
  if (!status) return true;
  const text = cString(status.value);
  return text === 'okay' || text === 'ok';
}
