import { hierarchy, tree as treeLayout } from 'd3-hierarchy';
import { nodeStates, type PageRun } from '../../src/report/page/document.ts';
import { ancestors, type TreeIndex } from './tree-index.ts';

/** A node's box, in pixels. */
export interface NodeBox {
  readonly node: number;
  readonly x: number;
  readonly y: number;
  /** Position of the parent; absent for the root. */
  readonly from?: { readonly x: number; readonly y: number };
}

/** A device's box, in pixels. */
export interface DeviceBox {
  /** Index in `PageRun.devices`. */
  readonly device: number;
  readonly x: number;
  readonly y: number;
  /** Position of its node; absent without one. */
  readonly to?: { readonly x: number; readonly y: number };
}

/** Positions of nodes and devices, in pixels. */
export interface Diagram {
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly NodeBox[];
  readonly devices: readonly DeviceBox[];
  /** Number of changed nodes that exceed the limit. */
  readonly omitted: number;
}

/** Size of each box, in pixels. */
export const boxSize = { width: 232, height: 30 } as const;
/** Space between boxes, and between the tree and the column of devices, in pixels. */
const gap = { x: 38, y: 12, devices: 90 } as const;
/** Maximum number of nodes, and of devices. */
const MAX_NODES = 36;

/** Sorts devices without a node after all others. */
const BELOW_ALL = Number.MAX_SAFE_INTEGER;

/** Lays out the changed nodes, the nodes of devices, and their ancestors; devices are in a column on the right. */
export function layOutDiagram(run: PageRun, treeIndex: TreeIndex): Diagram {
  const kept = nodeStates.indexOf('kept');
  const changed = run.tree.states.flatMap((state, number) => (state === kept ? [] : [number]));
  const linked = run.devices.flatMap(({ node }) => (node < 0 ? [] : [node]));
  const wanted = [...new Set([...linked, ...changed])];
  const shown = new Set<number>([0]);
  let omitted = 0;
  for (const number of wanted) {
    const more = [number, ...ancestors(treeIndex, number)].filter((one) => !shown.has(one));
    if (shown.size + more.length <= MAX_NODES) for (const one of more) shown.add(one);
    else omitted += 1;
  }
  const root = hierarchy(0, (number) =>
    (treeIndex.children[number] ?? []).filter((child) => shown.has(child)),
  );
  const layout = treeLayout<number>()
    .nodeSize([boxSize.height + gap.y, boxSize.width + gap.x])
    .separation(() => 1)(root);
  const all = layout.descendants();
  const top = Math.min(...all.map(({ x }) => x));
  const position = ({ x, y }: { x: number; y: number }) => ({ x: y, y: x - top });
  const nodes = all.map((one) => ({
    node: one.data,
    ...position(one),
    ...(one.parent && { from: position(one.parent) }),
  }));
  const right = Math.max(...nodes.map(({ x }) => x)) + boxSize.width + gap.devices;
  const at = new Map(nodes.map((box) => [box.node, box]));
  const order = run.devices
    .map(({ node }, device) => ({ device, to: at.get(node) }))
    .sort((one, other) => (one.to?.y ?? BELOW_ALL) - (other.to?.y ?? BELOW_ALL))
    .slice(0, MAX_NODES);
  let next = 0;
  const devices = order.map(({ device, to }) => {
    const y = Math.max(next, to?.y ?? next);
    next = y + boxSize.height + gap.y;
    return { device, x: right, y, ...(to && { to: { x: to.x, y: to.y } }) };
  });
  const bottom = Math.max(...nodes.map(({ y }) => y), ...devices.map(({ y }) => y)) + boxSize.height;
  const width = devices.length > 0 ? right + boxSize.width : right - gap.devices;
  return { width, height: bottom, nodes, devices, omitted };
}
