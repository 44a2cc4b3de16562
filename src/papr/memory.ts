import { hexNumber } from '../base/index.ts';
/**
 * The partition's memory as RTAS sees it: bytes at physical addresses.
 *
 * Synchronous: the modelled kernel's memory is local, and a real kernel is stopped until its call returns.
 */
export interface GuestMemory {
  /**
   * @returns `length` bytes as a view that is valid until the next call on this memory; copy what you keep
   * @throws RangeError if part of the range is not memory
   */
  read(address: number, length: number): Uint8Array;
  /**
   * Copies bytes to an address.
   * @throws RangeError if part of the range is not memory
   */
  write(address: number, bytes: Uint8Array): void;
}

/** Bytes at an address. */
export interface MemoryRegion {
  /** Physical address of the first byte. */
  readonly address: number;
  /** Not copied: memory writes go into this array, and changes of the array are visible to reads. */
  readonly bytes: Uint8Array;
}

/** Views kept for each region; callers read few different lengths: a header, a block, a work area. */
const MAX_VIEWS = 8;

/**
 * Creates memory from byte arrays. A range that is not inside one region is not memory.
 * @param of a size in bytes, for zeroed memory from address 0; or regions that do not overlap
 */
export function createMemory(of: number | readonly MemoryRegion[]): GuestMemory {
  const regions = typeof of === 'number' ? [{ address: 0, bytes: new Uint8Array(of) }] : of;

  function find(address: number, length: number): MemoryRegion {
    for (const region of regions) {
      if (address >= region.address && address + length <= region.address + region.bytes.length)
        return region;
    }
    throw new RangeError(`no memory at ${hexNumber(address)}, ${length} bytes`);
  }

  // Calls read the start of the same few areas repeatedly, and to make a view takes longer than to read through it.
  const startViews = new Map<MemoryRegion, Uint8Array[]>();

  function startOf(region: MemoryRegion, length: number): Uint8Array {
    let views = startViews.get(region);
    if (views === undefined) {
      views = [region.bytes];
      startViews.set(region, views);
    }
    for (let at = 0; at < views.length; at++)
      if (views[at]?.length === length) return views[at] as Uint8Array;
    const view = region.bytes.subarray(0, length);
    if (views.length < MAX_VIEWS) views.push(view);
    return view;
  }

  function read(address: number, length: number): Uint8Array {
    const region = find(address, length);
    const from = address - region.address;
    return from === 0 ? startOf(region, length) : region.bytes.subarray(from, from + length);
  }

  function write(address: number, bytes: Uint8Array): void {
    const region = find(address, bytes.length);
    region.bytes.set(bytes, address - region.address);
  }

  return { read, write };
}
