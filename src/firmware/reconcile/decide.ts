import { hexNumber } from '../../base/index.ts';
import {
  bootPhandle,
  identityDifferences,
  isOwnPhandle,
  joinPath,
  property,
  sameBytes,
  type Tree,
  type TreeNode,
} from '../../devicetree/index.ts';
import { propertyChanges } from '../changes.ts';
import type { AddMessage, Messages, PropertyChange, UpdateMessage } from '../plan.ts';
import { type AddedNode, addedNodes } from './added-nodes.ts';
import type { CollectedMessages } from './collected.ts';
import { indexLive, type LiveIndex, type LiveNode } from './live-index.ts';
import type { ReconcileNote } from './note.ts';

/** The messages for the kernel: deletes leaves first, updates, then adds of single nodes, parents first. */
export interface Decision extends Messages {
  /** What differs from the firmware's messages, and why. */
  readonly notes: readonly ReconcileNote[];
}

/** First index of the connectors of single nodes; these belong to the reconciler, the firmware never sees them. */
const FIRST_DRC = 0x7000_0001;

/**
 * Turns delete and add of a node with an unchanged phandle into updates of its properties.
 *
 * An added node is the live node of its phandle if name, `device_type`, `compatible` and parent are the same and the parent
 * stays. This also holds for a live node that is added without a delete: firmware may repeat messages (LoPAR 13.5.3.5).
 * Otherwise it is a different node: the live node of its phandle is deleted, then it is added. A delete without an add
 * stays a delete.
 *
 * @param collected all messages of the firmware
 * @param live the kernel's current tree
 * @param overWire whether updates go through `ibm,update-properties`; kernels ignore its updates without a value
 */
export function decide(collected: CollectedMessages, live: Tree, overWire = true): Decision {
  const notes: ReconcileNote[] = [];
  const note = (kind: ReconcileNote['kind'], subject: string, text: string) =>
    notes.push({ kind, subject, text });
  const index = indexLive(live);
  const where = (phandle: number) => index.byPhandle.get(phandle)?.path ?? `phandle ${hexNumber(phandle)}`;

  const going = findGoing(collected, index, note, where);
  const { changes, arriving } = matchAnnounced(collected, index, going, note);
  withholdUncertain(collected, index, going, note);
  for (const node of going) changes.delete(node);
  mergeUpdates(collected, index, going, changes, note, where);

  const updates: UpdateMessage[] = [];
  for (const [node, all] of changes) {
    const deliverable = all.filter((change) => canBeTaken(change, node, overWire, note));
    if (deliverable.length > 0)
      updates.push({ phandle: node.phandle, path: node.path, changes: deliverable });
  }
  // Reverse preorder: leaves before parents.
  const deletes = index.nodes.filter((node) => going.has(node)).reverse();
  for (const node of deletes) {
    if (node.phandle === 0) note('not deliverable', node.path, 'deleted with its parent: it has no phandle');
  }
  return {
    deletes: deletes.filter((node) => node.phandle !== 0).map(({ phandle, path }) => ({ phandle, path })),
    updates,
    adds: arriving.map((arrival, at) => toAdd(arrival, FIRST_DRC + at, note)),
    notes,
  };
}

type AddNote = (kind: ReconcileNote['kind'], subject: string, text: string) => void;

/** The nodes that the deletes name, with their subtrees: a kernel detaches whole subtrees (`dlpar_detach_node`). */
function findGoing(
  collected: CollectedMessages,
  index: LiveIndex,
  note: AddNote,
  where: (phandle: number) => string,
): Set<LiveNode> {
  const going = new Set<LiveNode>();
  const named = new Set<number>();
  for (const phandle of collected.deletes) {
    if (named.has(phandle)) note('repeated', where(phandle), 'deleted more than once');
    named.add(phandle);
    const node = index.byPhandle.get(phandle);
    if (node) going.add(node);
    else note('withheld', where(phandle), 'delete of a node that is not in the tree');
  }
  for (const node of index.nodes) if (node.parent && going.has(node.parent)) going.add(node);
  return going;
}

/** A node to add, with the phandle of its parent. */
interface Arrival {
  readonly path: string;
  readonly parent: number;
  readonly node: TreeNode;
}

/** Finds which added nodes are in the tree already and stay, which replace a node, and which are new. */
function matchAnnounced(collected: CollectedMessages, index: LiveIndex, going: Set<LiveNode>, note: AddNote) {
  const changes = new Map<LiveNode, readonly PropertyChange[]>();
  const arriving: Arrival[] = [];
  // The future path of each added node by phandle: an added node may be the parent of another.
  const settled = new Map<number, { readonly path: string; readonly live?: LiveNode }>();
  const parentOf = ({ parent }: AddedNode) => {
    const known = settled.get(parent);
    if (known) return known;
    const there = index.byPhandle.get(parent);
    return there && !going.has(there) ? { path: there.path, live: there } : undefined;
  };

  for (const announced of addedNodes(collected.adds, note)) {
    const { node, phandle } = announced;
    const parent = parentOf(announced);
    if (!parent) {
      note(
        'withheld',
        node.name,
        `add under phandle ${hexNumber(announced.parent)}, which is not in the tree`,
      );
      continue;
    }
    const path = joinPath(parent.path, node.name);
    const there = index.byPhandle.get(phandle);
    if (
      there &&
      parent.live !== undefined &&
      there.parent === parent.live &&
      identityDifferences(there.node, node).length === 0
    ) {
      const isReadded = going.delete(there);
      changes.set(there, propertyChanges(there.node, node));
      settled.set(phandle, { path, live: there });
      note(
        isReadded ? 'turned into updates' : 'repeated',
        path,
        isReadded ? 'deleted and added back' : 'added, but in the tree already',
      );
      continue;
    }
    if (there) {
      note('replaced', path, `phandle ${hexNumber(phandle)} belonged to another node, ${there.path}`);
      removeSubtree(there, index, going);
    }
    const namesake = parent.live && index.childOf(parent.live, node.name);
    if (namesake && !going.has(namesake)) {
      note('contradicted', path, 'added, but another node of that name stays');
      continue;
    }
    settled.set(phandle, { path });
    arriving.push({ path, parent: announced.parent, node });
  }
  return { changes, arriving };
}

function removeSubtree(top: LiveNode, index: LiveIndex, going: Set<LiveNode>): void {
  going.add(top);
  for (const node of index.descendants(top)) going.add(node);
}

/**
 * A failed add may be the second half of a delete and add. So deletes of children of the same parent are withheld: a
 * superfluous node is stale, a missing node is damage.
 */
function withholdUncertain(
  collected: CollectedMessages,
  index: LiveIndex,
  going: Set<LiveNode>,
  note: AddNote,
): void {
  const uncertain = new Set<LiveNode>();
  for (const { parent, failure, drcIndex } of collected.adds) {
    if (failure === undefined) continue;
    const above = index.byPhandle.get(parent);
    note(
      'failed',
      above?.path ?? `phandle ${hexNumber(parent)}`,
      `connector ${hexNumber(drcIndex)}: ${failure}`,
    );
    if (above) uncertain.add(above);
  }
  if (uncertain.size === 0) return;
  for (const node of index.nodes) {
    if (!node.parent || !uncertain.has(node.parent) || !going.has(node)) continue;
    uncertain.add(node);
    going.delete(node);
    note('withheld', node.path, 'its delete is withheld: an add under the same parent failed');
  }
}

/** Merges the updates of nodes that stay. Adds come last, so an add has precedence over an update of the same node. */
function mergeUpdates(
  collected: CollectedMessages,
  index: LiveIndex,
  going: Set<LiveNode>,
  changes: Map<LiveNode, readonly PropertyChange[]>,
  note: AddNote,
  where: (phandle: number) => string,
): void {
  const readded = new Set(changes.keys());
  for (const { phandle, changes: received, failure } of collected.updates) {
    const node = index.byPhandle.get(phandle);
    if (failure !== undefined) note('failed', where(phandle), `update: ${failure}`);
    if (!node) note('withheld', where(phandle), 'update of a node that is not in the tree');
    else if (going.has(node)) note('contradicted', node.path, 'updated and deleted');
    else if (readded.has(node)) {
      if (received.length > 0)
        note('contradicted', node.path, 'updated and added back: the add has precedence');
    } else
      changes.set(
        node,
        laterWins([...(changes.get(node) ?? []), ...received]).filter((change) => differs(change, node.node)),
      );
  }
}

function laterWins(changes: readonly PropertyChange[]): readonly PropertyChange[] {
  return Array.from(new Map(changes.map((change) => [change.name, change])).values());
}

function differs({ name, value }: PropertyChange, node: TreeNode): boolean {
  const old = property(node, name)?.value;
  return value === null ? old !== undefined : old === undefined || !sameBytes(old, value);
}

/** Whether a kernel accepts a change. */
function canBeTaken(
  { name, value }: PropertyChange,
  { path, node }: LiveNode,
  overWire: boolean,
  note: AddNote,
): boolean {
  if (isOwnPhandle(name) || name === 'name') {
    // A kernel keeps the phandle and name with which a node was attached.
    note('not deliverable', `${path}:${name}`, 'kernels ignore a new phandle or name');
    return false;
  }
  if (overWire && value?.length === 0 && property(node, name)?.value.length !== 0) {
    note('not deliverable', `${path}:${name}`, 'kernels ignore an update without a value');
    return false;
  }
  return true;
}

function toAdd({ path, parent, node }: Arrival, drcIndex: number, note: AddNote): AddMessage {
  if (bootPhandle(node) === 0)
    note('not deliverable', path, 'it has no phandle, so no later message can name it');
  return { parent, path, drcIndex, node: { ...node, children: [] } };
}
