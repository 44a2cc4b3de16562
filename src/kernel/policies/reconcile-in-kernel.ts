import type { Tree, TreeNode } from '../../devicetree/index.ts';
import { type AddMessage, collectMessages, decide, type UpdateMessage } from '../../firmware/index.ts';
import { type Rtas, WORK_AREA_SIZE } from '../../papr/index.ts';
import type { Flow } from '../core/flow.ts';
import { KERN_DEBUG } from '../core/log.ts';
import { type DeviceNode, findProperty, LiveProperty } from '../of/device-node.ts';
import { findByPhandle } from '../of/find.ts';
import { nodeName } from '../of/print.ts';
import { ofRemoveProperty, ofUpdateProperty } from '../of/property.ts';
import { ofNodePut } from '../of/reference.ts';
import { applyAdd, applyDelete, attachAdded } from '../pseries/mobility-nodes.ts';
import type { Policy, PseriesKernel } from '../pseries/pseries-kernel.ts';
import { RTAS_UNKNOWN_SERVICE, rtasCall, rtasToken } from '../pseries/rtas.ts';

const lookup = 'lookup in pseries_devicetree_update';

/**
 * The robust solution of the thread, inside mobility.c: "convert remove+add of a node with an unchanged phandle to an update of the
 * node's properties". It makes the same decisions as the reconciler in front of the firmware, but applies them directly instead of
 * through messages, so that properties without a value are updated as well.
 */
export const reconcileInKernel: Policy = {
  name: 'reconcile-in-kernel',
  since: 'named in the thread of October 2021, never built',
  explanation: 'reads all messages first, and updates nodes that are deleted and added back',
  deleteNode: applyDelete,
  addNode: applyAdd,
  update,
};

function* update(k: PseriesKernel): Flow<number> {
  k.ledger.step('update-nodes');
  if (k.scheduler.contended) yield 'ibm,update-nodes';
  const collected = collectMessages(rtasOf(k));
  if (!collected.ok) return collected.status;
  const { deletes, updates, adds } = decide(collected.messages, liveTree(k), false);
  for (const { phandle } of deletes) {
    yield* withNode(k, 'delete', phandle, (node) => applyDelete(k, node));
  }
  for (const message of updates) {
    yield* withNode(k, 'update', message.phandle, (node) => change(k, node, message));
  }
  for (const message of adds) {
    yield* withNode(k, 'add under', message.parent, (parent) => attachAdded(k, makeNode(k, message), parent));
  }
  return 0;
}

/** Calls firmware through rtas_data_buf, as mobility_rtas_call() does. */
function rtasOf(k: PseriesKernel): Rtas {
  const names = ['ibm,update-nodes', 'ibm,update-properties', 'ibm,configure-connector'];
  const known = names.map((name) => [name, rtasToken(k, name)] as const);
  return {
    tokens: new Map(known.filter(([, token]) => token !== RTAS_UNKNOWN_SERVICE)),
    call({ token, args: [area = 0, argument = 0] }, memory) {
      const { address, page } = k.rtas.dataBuf;
      page.bytes.set(memory.read(area, WORK_AREA_SIZE));
      const status = rtasCall(k, token, [address, argument]);
      memory.write(area, page.bytes);
      return [status];
    },
  };
}

function* withNode(
  k: PseriesKernel,
  step: string,
  phandle: number,
  act: (node: DeviceNode) => Flow<void>,
): Flow<void> {
  const node = findByPhandle(k, phandle, lookup);
  if (!node) return;
  k.ledger.step(step, node);
  yield* act(node);
  ofNodePut(k, node, lookup, ['pseries_devicetree_update']);
  if (k.scheduler.contended) yield 'cond_resched in pseries_devicetree_update';
}

function* change(k: PseriesKernel, node: DeviceNode, { changes }: UpdateMessage): Flow<void> {
  for (const { name, value } of changes) {
    if (value === null) {
      yield* ofRemoveProperty(k, node, findProperty(node, name));
      continue;
    }
    if (k.debug) k.log.print(KERN_DEBUG, k.release.lines.propertyUpdated.text(nodeName(k, node), name));
    yield* ofUpdateProperty(k, node, new LiveProperty(name, value));
  }
}

function makeNode(k: PseriesKernel, { node: { name, properties } }: AddMessage): DeviceNode {
  const np = k.of.create(name);
  let last: LiveProperty | undefined;
  for (const { name: property, value } of properties) {
    const next = new LiveProperty(property, value);
    if (last) last.next = next;
    else np.properties = next;
    last = next;
  }
  return np;
}

/** A copy of the live tree, with the names from firmware. */
function liveTree(k: PseriesKernel): Tree {
  type Growing = TreeNode & { readonly children: TreeNode[] };
  const grow = (np: DeviceNode): Growing => {
    const properties = [];
    for (let at = np.properties; at; at = at.next) properties.push({ name: at.name, value: at.value });
    return { name: np.fullName, properties, children: [] };
  };
  const root = grow(k.of.root);
  const work = [{ np: k.of.root, into: root }];
  for (let next = work.pop(); next; next = work.pop()) {
    for (let child = next.np.child; child; child = child.sibling) {
      const grown = grow(child);
      next.into.children.push(grown);
      work.push({ np: child, into: grown });
    }
  }
  return { root, reservations: [], bootCpu: 0 };
}
