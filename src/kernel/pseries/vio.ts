import { ENOENT } from '../core/errno.ts';
import { KERN_ERR, KERN_WARNING } from '../core/log.ts';
import { shared } from '../core/watch.ts';
import { cString, type DeviceNode, findProperty, isType, readCell } from '../of/device-node.ts';
import { warnDuplicateKobject } from '../of/duplicate.ts';
import { findByName, getParent, nextChild } from '../of/find.ts';
import { nodeBaseName, nodeName } from '../of/print.ts';
import { ofNodeGet, ofNodePut } from '../of/reference.ts';
import type { PseriesKernel } from './pseries-kernel.ts';
import { VioDevice } from './vio-bus.ts';

/** vio_device_init(): children of /vdevice, then of /ibm,platform-facilities. No notifier follows later changes. */
export function vioDeviceInit(k: PseriesKernel): void {
  scan(k, 'vdevice');
  scan(k, 'ibm,platform-facilities');
}

function scan(k: PseriesKernel, rootName: string): void {
  const who = 'lookup in vio_bus_scan_register_devices';
  const root = findByName(k, rootName, who);
  if (!root) return;
  for (let child = nextChild(k, root, null, who); child; child = nextChild(k, root, child, who)) {
    vioRegisterDeviceNode(k, child);
  }
  ofNodePut(k, root, who, ['vio_bus_scan_register_devices']);
}

/** vio_register_device_node(). Loading a driver, or the caller, binds it. */
export function vioRegisterDeviceNode(k: PseriesKernel, node: DeviceNode): VioDevice | undefined {
  const who = 'lookup in vio_register_device_node';
  const parent = getParent(k, node, who);
  if (!parent) return undefined;
  const family = isType(parent, 'ibm,platform-facilities')
    ? 'PFO'
    : isType(parent, 'vdevice')
      ? 'VDEVICE'
      : undefined;
  if (!family) {
    const text = `vio_register_device_node: parent(${nodeName(k, parent)}) of ${nodeBaseName(node)} not recognized.`;
    k.log.print(KERN_WARNING, text);
  }
  ofNodePut(k, parent, who, ['vio_register_device_node']);
  if (!family || (family === 'PFO' && findProperty(node, 'interrupt-controller'))) return undefined;
  const identity = family === 'PFO' ? facility(node) : virtualDevice(k, node);
  return identity && register(k, new VioDevice(identity.name, family, identity.type, node), node);
}

function facility(node: DeviceNode): { name: string; type: string } {
  const name = nodeBaseName(node);
  return { name, type: name };
}

function virtualDevice(k: PseriesKernel, node: DeviceNode): { name: string; type: string } | undefined {
  const type = findProperty(node, 'device_type');
  const reg = findProperty(node, 'reg');
  const name = nodeBaseName(node);
  if (!type) {
    k.log.print(
      KERN_WARNING,
      `vio_register_device_node: node ${name} is missing the 'device_type' property.`,
    );
  } else if (!reg) k.log.print(KERN_WARNING, `vio_register_device_node: node ${name} missing 'reg'`);
  else return { name: readCell(reg.value).toString(16), type: cString(type.value) };
  return undefined;
}

function register(k: PseriesKernel, device: VioDevice, node: DeviceNode): VioDevice | undefined {
  const frames = ['vio_register_device_node'];
  ofNodeGet(k, node, device.holder, frames);
  if (k.vio.devices.some((other) => other.name === device.name)) {
    warnDuplicateKobject(k, '/devices/vio', device.name, ['device_add', ...frames]);
    k.log.print(KERN_ERR, `vio_register_device_node: failed to register device ${device.name}`);
    ofNodePut(k, node, device.holder, ['vio_dev_release']);
    return undefined;
  }
  if (!device.link) k.log.print(KERN_WARNING, `vio ${device.name}: Error ${-ENOENT} creating of_node link`);
  k.watcher?.write(shared.vio);
  k.vio.devices.push(device);
  k.events.node('vio', 'register', node, `${device.name} holds`);
  return device;
}

/** vio_unregister_device() of a device without driver: the device puts its node. */
export function vioUnregisterDevice(k: PseriesKernel, device: VioDevice): void {
  k.watcher?.write(shared.vio);
  k.vio.devices.splice(k.vio.devices.indexOf(device), 1);
  const { node } = device;
  if (!node) return;
  k.events.node('vio', 'unregister', node, `${device.name} puts`);
  ofNodePut(k, node, device.holder, ['vio_dev_release', 'vio_unregister_device']);
}
