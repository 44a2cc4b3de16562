import type { Flow } from '../core/flow.ts';
import type { Kernel } from '../kernel.ts';
import type { DeviceNode } from '../of/device-node.ts';

export type PolicyName = 'detach' | 'ignore' | 'notify' | 'rebind' | 'attach-subtree' | 'reconcile-in-kernel';

/**
 * How the kernel treats nodes that firmware deletes and adds: the places of mobility.c and of the VIO bus where the
 * answers that were proposed differ.
 */
export interface Policy {
  readonly name: PolicyName;
  /** Kernel releases that do it, or who proposed it. */
  readonly since: string;
  /** One line for help texts. */
  readonly explanation: string;
  /** Called once the partition is up, to register listeners. */
  install?(k: Kernel): void;
  /** delete_dt_node(): the caller holds `node`. */
  deleteNode(k: Kernel, node: DeviceNode): Flow<void>;
  /**
   * add_dt_node(): the caller holds `parent`.
   * @param drcIndex as the work area has it, big-endian read as a number
   */
  addNode(k: Kernel, parent: DeviceNode, drcIndex: number): Flow<void>;
  /**
   * Takes the whole of pseries_devicetree_update() over; absent: each message is done as it comes.
   * @returns what pseries_devicetree_update() returns
   */
  update?(k: Kernel, scope: number): Flow<number>;
}
