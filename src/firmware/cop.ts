import {
  asCell,
  asMaxSyncCop,
  asString,
  type CopLimit,
  property,
  type Tree,
  type TreeNode,
} from '../devicetree/index.ts';
import { type HcallResult, hcallStatus } from '../papr/index.ts';

/** H_TOO_BIG and H_RESCINDED (hvcall.h, v6.12). */
const TOO_BIG = -64;
const RESCINDED = -46;

/** The length of a scatter/gather list is the negative size of its entries; each entry describes at most a page of 4 KiB. */
const ENTRY_SIZE = 16;
const PAGE_SIZE = 4096;

/**
 * Answers `H_COP_OP`: an operation on the hardware of the current server, within the limits in that server's tree. A driver
 * that uses the limits of another server can exceed them.
 *
 * @param args flags, resource id, input, its length, output, its length, …
 * @returns H_SUCCESS; H_TOO_BIG; H_RESCINDED if the facility's status is not `okay`; H_PARAMETER for an unknown resource id
 */
export function answerCop(
  tree: Tree,
  [, resourceId = 0n, , input = 0n, , output = 0n]: readonly bigint[],
): HcallResult {
  const status = (code: number): HcallResult => ({ status: code, values: [] });
  const facility = facilities(tree).find(
    (node) => BigInt(asCell(property(node, 'ibm,resource-id')?.value) ?? -1) === resourceId,
  );
  if (!facility) return status(hcallStatus.H_PARAMETER);
  if (asString(property(facility, 'status')?.value) !== 'okay') return status(RESCINDED);
  const most = limitOf(facility);
  if (!most) return status(hcallStatus.H_SUCCESS);
  const fits = [input, output].every((length) => isWithin(Number(BigInt.asIntN(64, length)), most));
  return status(fits ? hcallStatus.H_SUCCESS : TOO_BIG);
}

function facilities({ root }: Tree): readonly TreeNode[] {
  return root.children
    .filter((node) => node.name === 'ibm,platform-facilities')
    .flatMap((node) => node.children);
}

/** The limit of the facility's largest operation of any kind; undefined if the tree does not state limits. */
function limitOf(node: TreeNode): CopLimit | undefined {
  const limits = asMaxSyncCop(property(node, 'ibm,max-sync-cop')?.value, node.name);
  const all =
    limits?.facility === 'compression'
      ? [...limits.compress, ...limits.decompress]
      : limits?.facility === 'encryption'
        ? limits.functions.flatMap((each) => each.limits)
        : [];
  if (all.length === 0) return undefined;
  const largest = (of: (limit: CopLimit) => number) => Math.max(...all.map(of));
  return { bytes: largest((limit) => limit.bytes), sgElements: largest((limit) => limit.sgElements) };
}

function isWithin(length: number, { bytes, sgElements }: CopLimit): boolean {
  if (length >= 0) return length <= bytes;
  const entries = -length / ENTRY_SIZE;
  return entries <= sgElements && entries * PAGE_SIZE <= bytes;
}
