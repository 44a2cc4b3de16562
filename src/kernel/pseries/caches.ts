import type { DeviceNode } from '../of/device-node.ts';

/** struct cache: one per distinct cache, which holds the node that describes it. */
export interface Cache {
  readonly node: DeviceNode;
  readonly who: string;
  readonly cpus: Set<number>;
  next: Cache | undefined;
}

/** The caches of each CPU that is online (arch/powerpc/kernel/cacheinfo.c). */
export class Cacheinfo {
  /** The first cache of each CPU; a list by `next`, as levels go up. */
  readonly ofCpu = new Map<number, Cache>();
  /** All caches, by node; a split one has two, of which the data cache comes first. */
  readonly ofNode = new Map<DeviceNode, Cache>();
}
