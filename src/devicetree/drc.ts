/**
 * Dynamic reconfiguration connectors as a parent node lists them: either in `ibm,drc-info`, or in the four older
 * properties `ibm,drc-indexes`, `-names`, `-types` and `-power-domains`, which have one element for each connector. A
 * partition may find the one form replaced by the other after a migration.
 *
 * Source: LoPAR 2.9, chapter on dynamic reconfiguration; read as of_read_drc_info_cell() in
 * arch/powerpc/platforms/pseries/of_helpers.c (v5.10 to v7.2) does. Neither form is aligned.
 */

import { decodeLatin1 } from '../base/index.ts';
import { asCells, asStrings } from './values.ts';

/** One entry of `ibm,drc-info`: connectors whose indexes and names go up in steps. */
export interface DrcInfo {
  /** `CPU`, `MEM`, `PHB`, `SLOT`, … */
  readonly type: string;
  /** Names are this prefix and a number. */
  readonly namePrefix: string;
  /** Index of the first connector. */
  readonly indexStart: number;
  /** Number in the name of the first connector. */
  readonly nameSuffixStart: number;
  /** Number of connectors of the entry (number-sequential-elements). */
  readonly count: number;
  /** Difference between one index and the next (sequential-increment). */
  readonly increment: number;
  /** Power domain of all connectors of the entry. */
  readonly powerDomain: number;
}

/** The entries of `ibm,drc-info`; undefined if the bytes are not exactly a count and that number of entries. */
export function asDrcInfo(value: Uint8Array | undefined): DrcInfo[] | undefined {
  if (value === undefined || value.length < 4) return undefined;
  const view = new DataView(value.buffer, value.byteOffset, value.byteLength);
  const count = view.getUint32(0);
  const found: DrcInfo[] = [];
  let offset = 4;
  const text = (): string | undefined => {
    const end = value.indexOf(0, offset);
    if (end < 0) return undefined;
    const start = offset;
    offset = end + 1;
    return decodeLatin1(value, start, end);
  };
  while (found.length < count) {
    const type = text();
    const namePrefix = type === undefined ? undefined : text();
    if (type === undefined || namePrefix === undefined || offset + 20 > value.length) return undefined;
    found.push({
      type,
      namePrefix,
      indexStart: view.getUint32(offset),
      nameSuffixStart: view.getUint32(offset + 4),
      count: view.getUint32(offset + 8),
      increment: view.getUint32(offset + 12),
      powerDomain: view.getUint32(offset + 16),
    });
    offset += 20;
  }
  return offset === value.length ? found : undefined;
}

/** The elements of `ibm,drc-indexes` or `ibm,drc-power-domains`; undefined if their number differs from the count before them. */
export function asDrcNumbers(value: Uint8Array | undefined): number[] | undefined {
  const found = asCells(value);
  return found !== undefined && found[0] === found.length - 1 ? found.slice(1) : undefined;
}

/** The elements of `ibm,drc-names` or `ibm,drc-types`; undefined if their number differs from the count before them. */
export function asDrcStrings(value: Uint8Array | undefined): string[] | undefined {
  if (value === undefined || value.length < 4) return undefined;
  const count = new DataView(value.buffer, value.byteOffset, 4).getUint32(0);
  const texts = value.length === 4 ? [] : asStrings(value.subarray(4));
  return texts?.length === count ? texts : undefined;
}
