import { toHex } from '../../base/index.ts';
import {
  describeCall,
  describeWorkArea,
  encodeArgumentBlock,
  type RtasTraceEntry,
} from '../../papr/index.ts';
import type { PageBytes, PageCall, PageRange } from './document.ts';

/** A call as hex with the meaning of each range. Zeros at the end are omitted: most of a work area's 4096 bytes are zero. */
export function pageCall(entry: RtasTraceEntry): PageCall {
  const areas: PageBytes[] = [argumentBlock(entry)];
  const ranges = describeWorkArea(entry);
  if (entry.area) {
    const { address, before, after } = entry.area;
    areas.push(bytesOf('work area before', before, ranges?.before ?? [], address));
    areas.push(bytesOf('work area after', after, ranges?.after ?? [], address));
  }
  return { id: entry.id, title: describeCall(entry), areas };
}

function argumentBlock({ name, token, args, nret, rets }: RtasTraceEntry): PageBytes {
  const word = (index: number, meaning: string, value: string): PageRange => ({
    offset: 4 * index,
    length: 4,
    meaning,
    value,
  });
  const format = (value: number) => (value < 0x10000 ? String(value) : `0x${value.toString(16)}`);
  const ranges = [
    word(0, 'token', name),
    word(1, 'number of arguments', String(args.length)),
    word(2, 'number of results', String(nret)),
    ...args.map((arg, at) => word(3 + at, `argument ${at + 1}`, format(arg))),
    ...Array.from({ length: nret }, (_, at) =>
      word(3 + args.length + at, at === 0 ? 'status' : `result ${at}`, format(rets[at] ?? 0)),
    ),
  ];
  return bytesOf('argument block', encodeArgumentBlock({ token, args, nret }, rets), ranges);
}

function bytesOf(
  title: string,
  bytes: Uint8Array,
  ranges: readonly PageRange[],
  address?: number,
): PageBytes {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end -= 1;
  return {
    title,
    ...(address !== undefined && { address }),
    size: bytes.length,
    hex: toHex(bytes.subarray(0, end)),
    ranges,
  };
}
