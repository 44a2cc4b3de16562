import type { CoreKernel } from '../core/core-kernel.ts';
import type { DeviceNode } from './device-node.ts';
import type { LiveTree } from './live-tree.ts';

/** What the device-tree code (drivers/of) uses of a kernel. */
export interface OfKernel extends CoreKernel {
  readonly of: LiveTree;
  /** Nodes with a platform device, by the device's name. */
  readonly platformDevices: Map<string, DeviceNode>;
}
