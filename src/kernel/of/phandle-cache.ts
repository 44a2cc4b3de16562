import type { DeviceNode } from './device-node.ts';

/** The phandle cache (drivers/of/base.c since v5.5): 128 slots, chosen by a hash, without references. */

/** hash_32(handle, 7) with GOLDEN_RATIO_32. */
export function cacheSlot(phandle: number): number {
  return Math.imul(phandle, 0x61c88647) >>> 25;
}

/** __of_phandle_cache_inv_entry(): empties the slot if its node has this phandle. */
export function forget(cache: (DeviceNode | null)[], phandle: number): void {
  if (phandle === 0) return;
  const slot = cacheSlot(phandle);
  if (cache[slot]?.phandle === phandle) cache[slot] = null;
}
