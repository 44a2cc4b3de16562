import { shared } from '../core/watch.ts';
import { cString, findProperty } from '../of/device-node.ts';
import { nodeName } from '../of/print.ts';
import type { PseriesKernel } from './pseries-kernel.ts';
import type { VioDevice } from './vio-bus.ts';

/** Functions of a process that reads a sysfs file, outermost first, from the report of October 2021. */
const reading = [
  'vfs_read',
  'new_sync_read',
  'kernfs_fop_read_iter',
  'seq_read_iter',
  'kernfs_seq_show',
  'sysfs_kf_seq_show',
  'dev_attr_show',
];

/** Contents of /sys/devices/vio/DEVICE/FILE, or `undefined` if there is no such file. */
export function readVioFile(k: PseriesKernel, device: VioDevice, file: string): string | undefined {
  if (file === 'devspec') return devspecShow(k, device);
  if (file === 'name') return `${device.nodeName}\n`;
  if (file === 'modalias') return modaliasShow(k, device);
  return undefined;
}

/** devspec_show(): prints the node's path and so takes references on its parents. This read shows a use-after-free. */
function devspecShow(k: PseriesKernel, device: VioDevice): string {
  const { stack } = k.scheduler.current;
  const depth = stack.length;
  k.ledger.step(`read devspec of ${device.name}`);
  stack.push(...reading, 'devspec_show', 'sprintf');
  // %pOF of no node.
  const path = device.node ? nodeName(k, device.node, ['vsnprintf']) : '(null)';
  stack.length = depth;
  k.watcher?.write(`devspec of ${device.name}`);
  device.devspec = path;
  return `${path}\n`;
}

function modaliasShow(k: PseriesKernel, device: VioDevice): string {
  k.watcher?.read(shared.tree);
  const compatible = device.node && findProperty(device.node, 'compatible');
  return compatible ? `vio:T${device.type}S${cString(compatible.value)}\n` : '\n';
}
