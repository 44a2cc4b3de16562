import { type DeviceNode, findProperty, readCell } from '../of/device-node.ts';
import { findByPhandle } from '../of/find.ts';
import { ofNodeGet, ofNodePut } from '../of/reference.ts';
import type { Cache } from './caches.ts';
import { cpuNodeOf } from './cpus.ts';
import type { PseriesKernel } from './pseries-kernel.ts';

/** cacheinfo_rebuild(): follows `l2-cache` and `next-level-cache` from each CPU's node and holds the nodes. */
export function cacheinfoRebuild(k: PseriesKernel): void {
  for (let cpu = 0; cpu < k.cpus; cpu++) {
    const node = cpuNodeOf(k, cpu);
    if (node) k.cacheinfo.ofCpu.set(cpu, chainOf(k, cpu, node));
  }
}

/** cacheinfo_teardown(): every cache that no CPU uses puts its node. */
export function cacheinfoTeardown(k: PseriesKernel): void {
  for (const [cpu, first] of k.cacheinfo.ofCpu) {
    for (let cache: Cache | undefined = first; cache; cache = cache.next) {
      cache.cpus.delete(cpu);
      if (cache.cpus.size === 0) release(k, cache);
    }
  }
  k.cacheinfo.ofCpu.clear();
}

function chainOf(k: PseriesKernel, cpu: number, cpuNode: DeviceNode): Cache {
  const first = cacheOf(k, cpuNode);
  const seen = new Set([cpuNode]);
  let last = first;
  for (let node = nextCacheNode(k, cpuNode); node; node = nextCacheNode(k, node)) {
    const cache = cacheOf(k, node);
    ofNodePut(k, node, lookup, ['do_subsidiary_caches']);
    // Firmware may send a circle of caches, which the kernel would link for ever.
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

function nextCacheNode(k: PseriesKernel, node: DeviceNode): DeviceNode | null {
  const property = findProperty(node, 'l2-cache') ?? findProperty(node, 'next-level-cache');
  return property && findByPhandle(k, readCell(property.value), lookup);
}

/** cache_lookup_or_instantiate(): a split cache consists of two objects, which both hold the node. */
function cacheOf(k: PseriesKernel, node: DeviceNode): Cache {
  const known = k.cacheinfo.ofNode.get(node);
  if (known) return known;
  const unified = findProperty(node, 'cache-unified') !== null;
  const cache = hold(k, node, unified ? 'cacheinfo' : 'cacheinfo (data)');
  if (!unified) cache.next = hold(k, node, 'cacheinfo (instruction)');
  k.cacheinfo.ofNode.set(node, cache);
  return cache;
}

function hold(k: PseriesKernel, node: DeviceNode, who: string): Cache {
  ofNodeGet(k, node, who, ['new_cache']);
  return { node, who, cpus: new Set(), next: undefined };
}

function release(k: PseriesKernel, cache: Cache): void {
  k.cacheinfo.ofNode.delete(cache.node);
  ofNodePut(k, cache.node, cache.who, ['release_cache']);
}
