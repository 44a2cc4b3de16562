import { Mutex } from '../core/mutex.ts';
import { DeviceNode } from './device-node.ts';
import { NotifierChain } from './notifier.ts';

/** The live tree and the other state of drivers/of. */
export class LiveTree {
  readonly root: DeviceNode;
  /** Whether /sys/firmware/devicetree/base exists. An excess put of the root removes it. */
  rootInSysfs = true;
  /** of_mutex, locked during every change. */
  readonly mutex = new Mutex('of_mutex');
  readonly notifiers = new NotifierChain();
  /** phandle_cache: 128 slots without references. */
  readonly phandleCache: (DeviceNode | null)[] = new Array(128).fill(null);
  /** All nodes ever created, in order. */
  readonly nodes: DeviceNode[];
  /** /aliases, for paths that do not start with a slash. */
  aliases: DeviceNode | null = null;

  /** @param nodes of the flattened tree, the root first */
  constructor(nodes: DeviceNode[]) {
    this.nodes = nodes;
    this.root = nodes[0] ?? new DeviceNode('', true);
  }

  /** of_node_init() of a node that is created at run time. */
  create(fullName: string): DeviceNode {
    const np = new DeviceNode(fullName, false);
    this.nodes.push(np);
    return np;
  }
}
