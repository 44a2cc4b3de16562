import { InputError } from '../../base/index.ts';
import type { Property, TreeNode } from '../../devicetree/index.ts';
import {
  connectorStatus,
  decodeConnector,
  type GuestMemory,
  type Rtas,
  rtasStatus,
  statusName,
  WORK_AREA_SIZE,
} from '../../papr/index.ts';
import { repeatBusy } from './busy.ts';
import { prepareWorkArea } from './prepare-work-area.ts';

/** Calls for one connector, at most; more names and properties than a partition has. */
const MAX_CALLS = 10_000_000;

/** A node whose connector is being read. */
interface NodeUnderConstruction {
  readonly name: string;
  readonly properties: Property[];
  readonly children: NodeUnderConstruction[];
}

/**
 * Reads the subtrees of a connector.
 * @returns the subtrees, or the part received before a failure
 */
export function collectConnector(
  rtas: Rtas,
  memory: GuestMemory,
  drcIndex: number,
): { readonly nodes: readonly TreeNode[]; readonly failure?: string } {
  const token = rtas.tokens.get('ibm,configure-connector');
  if (token === undefined) return { nodes: [], failure: 'no ibm,configure-connector' };
  prepareWorkArea(memory, drcIndex);
  const top: NodeUnderConstruction[] = [];
  // The nodes from the topmost to the one that was named last.
  const open: NodeUnderConstruction[] = [];
  const end = (failure?: string) => ({ nodes: top, ...(failure !== undefined && { failure }) });
  let extent = 0;
  for (let calls = 0; calls < MAX_CALLS; calls++) {
    const args = [0, extent];
    const status = repeatBusy(
      () => rtas.call({ token, args, nret: 1 }, memory)[0] ?? rtasStatus.hardwareError,
    );
    if (status === connectorStatus.complete) return end(top.length === 0 ? 'no node received' : undefined);
    if (status === connectorStatus.needMemory && extent === 0) {
      extent = WORK_AREA_SIZE;
      continue;
    }
    if (status < 0 || status >= connectorStatus.needMemory) {
      return end(statusName('ibm,configure-connector', status) ?? `status ${status}`);
    }
    try {
      const { item } = decodeConnector(status, memory.read(0, WORK_AREA_SIZE));
      if (item.status === connectorStatus.previousParent) open.pop();
      else if (item.status === connectorStatus.nextProperty) {
        const node = open.at(-1);
        if (!node) return end('a property before the first node');
        node.properties.push({ name: item.name, value: item.value.slice() });
      } else if (item.status === connectorStatus.nextChild || item.status === connectorStatus.nextSibling) {
        if (item.status === connectorStatus.nextSibling) open.pop();
        const node: NodeUnderConstruction = { name: item.name, properties: [], children: [] };
        (open.at(-1)?.children ?? top).push(node);
        open.push(node);
      }
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      return end(`malformed at byte ${error.where.offset}: ${error.message}`);
    }
  }
  return end('did not end');
}
