import type { Kernel } from '../kernel.ts';
import { type DeviceNode, findProperty, readCell } from '../of/device-node.ts';
import { findByPhandle } from '../of/find.ts';
import { ofNodeGet, ofNodePut } from '../of/reference.ts';
import { cpuNodeOf } from './cpus.ts';

/** struct cache: one per distinct cache, which holds the node that describes it. */
interface Cache {
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

/** cacheinfo_rebuild(): walks from each CPU's node over `l2-cache` and `next-level-cache`, and takes the nodes. */
export function cacheinfoRebuild(k: Kernel): void {
  for (let cpu = 0; cpu < k.cpus; cpu++) {
    const node = cpuNodeOf(k, cpu);
    if (node) k.cacheinfo.ofCpu.set(cpu, chainOf(k, cpu, node));
  }
}

/** cacheinfo_teardown(): every cache that no CPU uses any more lets its node go. */
export function cacheinfoTeardown(k: Kernel): void {
  for (const [cpu, first] of k.cacheinfo.ofCpu) {
    for (let cache: Cache | undefined = first; cache; cache = cache.next) {
      cache.cpus.delete(cpu);
      if (cache.cpus.size === 0) release(k, cache);
    }
  }
  k.cacheinfo.ofCpu.clear();
}

function chainOf(k: Kernel, cpu: number, cpuNode: DeviceNode): Cache {
  const first = cacheOf(k, cpuNode);
  const seen = new Set([cpuNode]);
  let last = first;
  for (let node = nextCacheNode(k, cpuNode); node; node = nextCacheNode(k, node)) {
    const cache = cacheOf(k, node);
    ofNodePut(k, node, lookup, ['do_subsidiary_caches']);
    // Firmware may send caches in a circle; the kernel would link them for ever.
    if (seen.has(node)) break;
    seen.add(node);
    while (last.next && last.next !== cache) last = last.next;
    last.next = cache;
    last = cache;
  }
  for (let cache: Cache | undefined = first; cache; cache = cache.next) cache.cpus.add(cpu);
  return first;
}

const lookup = 'lookup in cacheinfo';

function nextCacheNode(k: Kernel, node: DeviceNode): DeviceNode | null {
  const property = findProperty(node, 'l2-cache') ?? findProperty(node, 'next-level-cache');
  return property && findByPhandle(k, readCell(property.value), lookup);
}

/** cache_lookup_or_instantiate(): a cache that is not unified is two objects, each of which holds the node. */
function cacheOf(k: Kernel, node: DeviceNode): Cache {
  const known = k.cacheinfo.ofNode.get(node);
  if (known) return known;
  const unified = findProperty(node, 'cache-unified') !== null;
  const cache = hold(k, node, unified ? 'cacheinfo' : 'cacheinfo (data)');
  if (!unified) cache.next = hold(k, node, 'cacheinfo (instruction)');
  k.cacheinfo.ofNode.set(node, cache);
  return cache;
}

function hold(k: Kernel, node: DeviceNode, who: string): Cache {
  ofNodeGet(k, node, who, ['new_cache']);
  return { node, who, cpus: new Set(), next: undefined };
}

function release(k: Kernel, cache: Cache): void {
  k.cacheinfo.ofNode.delete(cache.node);
  ofNodePut(k, cache.node, cache.who, ['release_cache']);
}
