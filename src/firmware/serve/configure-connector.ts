import { defineMemo } from '../../base/index.ts';
import type { TreeNode } from '../../devicetree/index.ts';
import { bootPhandle, cells, property } from '../../devicetree/index.ts';
import {
  type ConnectorItem,
  connectorSize,
  connectorStatus,
  encodeConnector,
  rtasStatus,
  WORK_AREA_SIZE,
  wordAt,
} from '../../papr/index.ts';
import { impliedName } from '../changes.ts';
import type { FaultName } from '../faults.ts';
import type { AddMessage } from '../plan.ts';
import type { ServeContext, WorkAreaServer } from './context.ts';

const unusable: ReadonlySet<FaultName> = new Set(['unusable']);
const nextChildSiblings: ReadonlySet<FaultName> = new Set(['next-child-siblings']);

/** One reply: its status and the first part of its page. */
interface Step {
  readonly status: number;
  readonly bytes: Uint8Array;
}

const plainSteps = defineMemo((add: AddMessage) =>
  encodeSteps(add, walk(add.node, connectorStatus.nextSibling)),
);
const qemuSteps = defineMemo((add: AddMessage) =>
  encodeSteps(add, walk(add.node, connectorStatus.nextChild)),
);
/** The adds by their DRC indexes. */
export const connectorsByIndex = defineMemo(
  (adds: readonly AddMessage[]) => new Map(adds.map((add) => [add.drcIndex, add])),
);

/**
 * Serves `ibm,configure-connector`: the subtree of each add, one name or property in each reply. The position in a sequence
 * is stored in the page, in the word that is 0 on the first call. So a caller may stop a sequence, start again, and
 * interleave several connectors. An item that does not fit a page is answered with status 5, or with -1 if the caller
 * passed a second page: names and values must be in the first.
 */
export function serveConfigureConnector(
  adds: readonly AddMessage[],
  { injector, cache }: ServeContext,
): WorkAreaServer {
  const connectors = cache.get(connectorsByIndex, adds);
  const asQemu = new Set<AddMessage>();

  return (memory, address, extent) => {
    const head = memory.read(address, 8);
    const add = connectors.get(wordAt(head, 0));
    if (add === undefined) return connectorStatus.unusable;
    const progress = wordAt(head, 4);
    if (progress === 0) {
      const place = { function: 'ibm,configure-connector', path: add.path, phandle: add.drcIndex };
      if (injector.inject(unusable, place)) return connectorStatus.unusable;
      if (injector.inject(nextChildSiblings, place)) asQemu.add(add);
      else asQemu.delete(add);
    }
    const steps = cache.get(asQemu.has(add) ? qemuSteps : plainSteps, add);
    const step = steps[progress];
    if (step === undefined) return rtasStatus.parameterError;
    if (step.status === connectorStatus.needMemory && extent !== 0) return rtasStatus.hardwareError;
    memory.write(address, step.bytes);
    return step.status;
  };
}

function encodeSteps({ drcIndex }: AddMessage, items: Iterable<ConnectorItem>): Step[] {
  const steps: Step[] = [];
  for (const item of items) {
    // The caller repeats a step that does not fit; after the end the sequence starts again.
    const fits = connectorSize(item) <= WORK_AREA_SIZE;
    const sent: ConnectorItem = fits ? item : { status: connectorStatus.needMemory };
    const progress = item.status === connectorStatus.complete ? 0 : steps.length + (fits ? 1 : 0);
    steps.push({ status: sent.status, bytes: encodeConnector({ drcIndex, progress, item: sent }) });
  }
  return steps;
}

/**
 * The items of a subtree, depth first: next child (2) for the first child of a node, next property (3) for each property,
 * next sibling (1) for each further child, previous parent (4) after the last child, complete (0) at the end.
 *
 * QEMU ends every node with previous parent, and so sends each sibling as a next child (spapr_drc.c, 7.2).
 */
function* walk(root: TreeNode, sibling: 1 | 2): Generator<ConnectorItem> {
  const previous: ConnectorItem = { status: connectorStatus.previousParent };
  yield { status: connectorStatus.nextChild, name: root.name };
  yield* propertiesOf(root);
  const stack = [{ children: root.children, next: 0 }];
  for (let level = stack.at(-1); level !== undefined; level = stack.at(-1)) {
    const child = level.children[level.next];
    if (child === undefined) {
      stack.pop();
      const isQemu = sibling === connectorStatus.nextChild;
      if (isQemu ? stack.length > 0 : level.next > 0) yield previous;
      continue;
    }
    yield { status: level.next === 0 ? connectorStatus.nextChild : sibling, name: child.name };
    yield* propertiesOf(child);
    level.next++;
    stack.push({ children: child.children, next: 0 });
  }
  yield { status: connectorStatus.complete };
}

/** Live nodes always have `name` and `ibm,phandle`, even if the tree at rest omits them. */
function* propertiesOf(node: TreeNode): Generator<ConnectorItem> {
  const status = connectorStatus.nextProperty;
  if (!property(node, 'name')) yield { status, name: 'name', value: impliedName(node) };
  for (const { name, value } of node.properties) yield { status, name, value };
  const phandle = bootPhandle(node);
  if (phandle !== 0 && !property(node, 'ibm,phandle')) yield { status, ...cells('ibm,phandle', phandle) };
}
