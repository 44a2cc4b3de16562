import { hexNumber, toHex } from '../base/index.ts';
import type { Change } from '../devicetree/index.ts';

/** Changes between two trees as plain JSON: values in hex. */
export function diffToJson(changes: readonly Change[]): unknown {
  return changes.map((change) => toJson(change));
}

/** Converts bytes to hex and 64-bit numbers to `0x…`. */
function toJson(value: unknown): unknown {
  if (value instanceof Uint8Array) return toHex(value);
  if (typeof value === 'bigint') return hexNumber(value);
  if (Array.isArray(value)) return value.map(toJson);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, toJson(part)]));
}
