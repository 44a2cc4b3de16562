import { hexNumber } from '../base/index.ts';
/**
 * Bytes at a physical address, as RTAS sees the partition's memory.
 *
 * Synchronous on purpose: the modelled kernel's memory is at hand, and so is a real one's, which waits for the call to return.
 */
export interface GuestMemory {
  /**
   * @returns `length` bytes; a view that is valid until the next call on this memory, so copy what you keep
   * @throws RangeError if the range is not memory
   */
  read(address: number, length: number): Uint8Array;
  /** @throws RangeError if the range is not memory */
  write(address: number, bytes: Uint8Array): void;
}

/** Bytes that stand at an address. */
export interface MemoryRegion {
  /** Physical address of the first byte. */
  readonly address: number;
  /** Not copied: writes go into this array, and what its owner writes is read. */
  readonly bytes: Uint8Array;
}

/** Lengths that are looked at of one region: of a header, a block, a work area. */
const MAX_VIEWS = 8;

/**
 * Memory of byte arrays: zeroed from address 0 up to a size, or the regions given, which must not overlap. A range
 * that is not within one region is not memory.
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

  // Calls look at the front of the same few areas over and over, and a view costs more than a look through it.
  const fronts = new Map<MemoryRegion, Uint8Array[]>();

  function front(region: MemoryRegion, length: number): Uint8Array {
    let views = fronts.get(region);
    if (views === undefined) {
      views = [region.bytes];
      fronts.set(region, views);
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
    return from === 0 ? front(region, length) : region.bytes.subarray(from, from + length);
  }

  function write(address: number, bytes: Uint8Array): void {
    const region = find(address, bytes.length);
    region.bytes.set(bytes, address - region.address);
  }

  return { read, write };
}
