import { Mutex } from '../core/mutex.ts';
import { DeviceNode } from './device-node.ts';
import { NotifierChain } from './notifier.ts';

/** The live tree and what drivers/of keeps beside it. */
export class LiveTree {
  readonly root: DeviceNode;
  /** Whether /sys/firmware/devicetree/base is there; it is gone after one put too many of the root. */
  rootInSysfs = true;
  /** of_mutex: taken around every change. */
  readonly mutex = new Mutex('of_mutex');
  readonly notifiers = new NotifierChain();
  /** phandle_cache: 128 slots that hold no reference. */
  readonly phandleCache: (DeviceNode | null)[] = new Array(128).fill(null);
  /** Every node there ever was, in the order of their creation. */
  readonly nodes: DeviceNode[];
  /** /aliases, where paths that do not start with a slash are looked up. */
  aliases: DeviceNode | null = null;

  /** @param nodes those of the flattened tree, the root first */
  constructor(nodes: DeviceNode[]) {
    this.nodes = nodes;
    this.root = nodes[0] ?? new DeviceNode('', true);
  }

  /** of_node_init() of a node that is made at run time. */
  create(fullName: string): DeviceNode {
    const np = new DeviceNode(fullName, false);
    this.nodes.push(np);
    return np;
  }
}
