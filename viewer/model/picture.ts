import { hierarchy, tree as layOut } from 'd3-hierarchy';
import { fates, type PageRun } from '../../src/report/page/document.ts';
import { ancestors, type Forest } from './forest.ts';

export interface Spot {
  readonly node: number;
  readonly x: number;
  readonly y: number;
  /** Position of the parent; the root has none. */
  readonly from?: { readonly x: number; readonly y: number };
}

export interface DeviceSpot {
  /** Index in `PageRun.devices`. */
  readonly device: number;
  readonly x: number;
  readonly y: number;
  /** Where its node is drawn; absent where it has none. */
  readonly to?: { readonly x: number; readonly y: number };
}

export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly spots: readonly Spot[];
  readonly devices: readonly DeviceSpot[];
  /** Changed nodes for which there was no room. */
  readonly leftOut: number;
}

export const box = { width: 232, height: 30 } as const;
const gap = { x: 38, y: 12 } as const;
const MOST = 36;

/** The part of the tree that the story is about: what changed, what devices stand for, and all above. */
export function drawPicture(run: PageRun, forest: Forest): Picture {
  const kept = fates.indexOf('kept');
  const changed = run.tree.fates.flatMap((fate, number) => (fate === kept ? [] : [number]));
  const linked = run.devices.flatMap(({ node }) => (node < 0 ? [] : [node]));
  const wanted = [...new Set([...linked, ...changed])];
  const shown = new Set<number>([0]);
  let leftOut = 0;
  for (const number of wanted) {
    const more = [number, ...ancestors(forest, number)].filter((one) => !shown.has(one));
    if (shown.size + more.length <= MOST) for (const one of more) shown.add(one);
    else leftOut += 1;
  }
  const root = hierarchy(0, (number) => (forest.children[number] ?? []).filter((child) => shown.has(child)));
  const laid = layOut<number>()
    .nodeSize([box.height + gap.y, box.width + gap.x])
    .separation(() => 1)(root);
  const all = laid.descendants();
  const top = Math.min(...all.map(({ x }) => x));
  const place = ({ x, y }: { x: number; y: number }) => ({ x: y, y: x - top });
  const spots = all.map((one) => ({
    node: one.data,
    ...place(one),
    ...(one.parent && { from: place(one.parent) }),
  }));
  const right = Math.max(...spots.map(({ x }) => x)) + box.width + 90;
  const at = new Map(spots.map((spot) => [spot.node, spot]));
  const order = run.devices
    .map(({ node }, device) => ({ device, to: at.get(node) }))
    .sort((one, other) => (one.to?.y ?? 1e9) - (other.to?.y ?? 1e9))
    .slice(0, MOST);
  let next = 0;
  const devices = order.map(({ device, to }) => {
    const y = Math.max(next, to?.y ?? next);
    next = y + box.height + gap.y;
    return { device, x: right, y, ...(to && { to: { x: to.x, y: to.y } }) };
  });
  const bottom = Math.max(...spots.map(({ y }) => y), ...devices.map(({ y }) => y)) + box.height;
  const width = devices.length > 0 ? right + box.width : right - 90;
  return { width, height: bottom, spots, devices, leftOut };
}
