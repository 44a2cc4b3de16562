/**
 * `ibm,max-sync-cop`: limits of the synchronous operations of a platform facility. The grammar depends on the facility; all
 * numbers are cells.
 *
 * Source: LoPAR 2.9, binding of /ibm,platform-facilities; drivers/crypto/nx/nx.c and nx-common-pseries.c, v6.12.
 */

import { nodeName } from './paths.ts';
import { asCells } from './values.ts';

/** A limit of one operation: length of the data in bytes, and elements of its scatter/gather list. */
export interface CopLimit {
  /** Bytes of data. */
  readonly bytes: number;
  /** Elements of the scatter/gather list. */
  readonly sgElements: number;
}

/** Limits of one function code and mode of encryption, one for each key length (in bits). */
export interface CryptoLimits {
  /** Function code of the operation. */
  readonly functionCode: number;
  /** Mode of the operation. */
  readonly mode: number;
  /** Limits by key length in bits. */
  readonly limits: readonly (CopLimit & { readonly keyBits: number })[];
}

/** The value of `ibm,max-sync-cop`, by facility. */
export type MaxSyncCop =
  | { readonly facility: 'random' }
  | {
      readonly facility: 'compression';
      readonly compress: readonly CopLimit[];
      readonly decompress: readonly CopLimit[];
    }
  | { readonly facility: 'encryption'; readonly functions: readonly CryptoLimits[] };

/** The facilities by node name, without asymmetric encryption, whose grammar is not published. */
const FACILITIES = [
  ['ibm,random-v', random],
  ['ibm,compression-v', compression],
  ['ibm,sym-encryption-v', encryption],
] as const;

/**
 * Reads `ibm,max-sync-cop`.
 * @param value its bytes
 * @param name  name of the node, which determines the grammar
 * @returns undefined for other nodes, and for cells that do not match the grammar
 */
export function asMaxSyncCop(value: Uint8Array | undefined, name: string): MaxSyncCop | undefined {
  const cells = asCells(value);
  const facility = FACILITIES.find(([prefix]) => nodeName(name).startsWith(prefix));
  return cells && facility?.[1](cells);
}

function random(cells: readonly number[]): MaxSyncCop | undefined {
  return cells.length === 0 ? { facility: 'random' } : undefined;
}

function compression(cells: readonly number[]): MaxSyncCop | undefined {
  const compress = limits(cells, 0);
  const decompress = compress && limits(cells, 1 + compress.length * 2);
  if (!decompress || 2 + (compress.length + decompress.length) * 2 !== cells.length) return undefined;
  return { facility: 'compression', compress, decompress };
}

function limits(cells: readonly number[], at: number): CopLimit[] | undefined {
  const count = cells[at] ?? Number.POSITIVE_INFINITY;
  if (count > (cells.length - at - 1) / 2) return undefined;
  return Array.from({ length: count }, (_, index) => ({
    bytes: cells[at + 1 + index * 2] ?? 0,
    sgElements: cells[at + 2 + index * 2] ?? 0,
  }));
}

function encryption(cells: readonly number[]): MaxSyncCop | undefined {
  const functions: CryptoLimits[] = [];
  for (let at = 0; at < cells.length; ) {
    const [functionCode = 0, mode = 0, count] = cells.slice(at, at + 3);
    at += 3;
    if (count === undefined || count > (cells.length - at) / 3) return undefined;
    const found = Array.from({ length: count }, (_, index) => ({
      keyBits: cells[at + index * 3] ?? 0,
      bytes: cells[at + index * 3 + 1] ?? 0,
      sgElements: cells[at + index * 3 + 2] ?? 0,
    }));
    functions.push({ functionCode, mode, limits: found });
    at += count * 3;
  }
  return { facility: 'encryption', functions };
}
