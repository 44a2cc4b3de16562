import type { DeviceNode } from '../of/device-node.ts';

/** struct cache: one per cache. It holds the node that describes the cache. */
export interface Cache {
  readonly node: DeviceNode;
  readonly who: string;
  readonly cpus: Set<number>;
  next: Cache | undefined;
}

/** The caches of each CPU that is online (arch/powerpc/kernel/cacheinfo.c). */
export class Cacheinfo {
  /** The first cache of each CPU. `next` leads to the higher levels. */
  readonly ofCpu = new Map<number, Cache>();
  /** All caches, by node. Of a split cache it is the data cache. */
  readonly ofNode = new Map<DeviceNode, Cache>();
}
