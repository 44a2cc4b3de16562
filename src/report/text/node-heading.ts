import { hexNumber, printable } from '../../base/index.ts';
import type { NodePlace } from '../../devicetree/index.ts';

/** Path and phandle of a node, safe for a terminal; a phandle of 0 is none. */
export function nodeHeading({ path, phandle }: NodePlace): string {
  return phandle === 0 ? printable(path) : `${printable(path)} (phandle ${hexNumber(phandle)})`;
}
