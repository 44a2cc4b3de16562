import { createMemory, type GuestMemory, type MemoryRange } from '../papr/index.ts';
import { type GdbClient, GuestMemoryError } from './gdb/index.ts';

/** Physical memory of a real guest that was fetched before a call, so that the call can be synchronous. */
export interface FetchedMemory {
  readonly memory: GuestMemory;
  /** Ranges that were written and now differ from the guest's, to be written back. */
  changes(): readonly { readonly address: number; readonly bytes: Uint8Array }[];
}

/** Two changes with fewer equal bytes between them go back in one packet. */
const worthSplitting = 64;

/** Fetches ranges of physical memory; those that are no memory are left out, so that the reader refuses them. */
export async function fetchMemory(gdb: GdbClient, ranges: readonly MemoryRange[]): Promise<FetchedMemory> {
  const fetched = await Promise.all(
    joined(ranges).map(async ({ address, length }) => {
      try {
        return { address, bytes: await gdb.readMemory(BigInt(address), length, true) };
      } catch (error) {
        if (error instanceof GuestMemoryError) return undefined;
        throw error;
      }
    }),
  );
  const regions = fetched.filter((region) => region !== undefined);
  const originals = regions.map(({ bytes }) => Buffer.from(bytes));
  return {
    memory: createMemory(regions),
    changes: () =>
      regions.flatMap(({ address, bytes }, index) =>
        differences(bytes, originals[index] ?? bytes).map(([start, end]) => ({
          address: address + start,
          bytes: bytes.subarray(start, end),
        })),
      ),
  };
}

/** The same bytes as ranges that do not overlap. */
function joined(ranges: readonly MemoryRange[]): MemoryRange[] {
  const result: MemoryRange[] = [];
  for (const range of ranges.toSorted((one, other) => one.address - other.address)) {
    const last = result.at(-1);
    if (last === undefined || range.address > last.address + last.length) result.push(range);
    else {
      const length = Math.max(last.length, range.address + range.length - last.address);
      result[result.length - 1] = { address: last.address, length };
    }
  }
  return result;
}

function differences(now: Uint8Array, before: Uint8Array): [start: number, end: number][] {
  const found: [number, number][] = [];
  for (let at = 0; at < now.length; at++) {
    if (now[at] === before[at]) continue;
    const last = found.at(-1);
    if (last && at - last[1] < worthSplitting) last[1] = at + 1;
    else found.push([at, at + 1]);
  }
  return found;
}
