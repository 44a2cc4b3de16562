import { defineMemo, RecentCache } from '../base/index.ts';
import { sameBytes, type Tree, type TreeNode } from '../devicetree/index.ts';
import {
  type DriverState,
  findWarnings,
  type Holder,
  type LogLine,
  type NodeReferences,
  type Observation,
  type OfNodeLink,
  type Platform,
  sameLines,
  type VioDevice,
  type Warning,
} from '../partition/index.ts';
import type { LedgerNode } from './core/ledger.ts';
import type { Kernel } from './kernel.ts';
import { DeviceNode } from './of/device-node.ts';
import { nodeState } from './of/reference.ts';
import { lookUp } from './of/sysfs-directory.ts';
import type { VioDevice as Device } from './pseries/vio-bus.ts';

/** Reads the state without side effects: no count and no log line changes. */
export function observe(k: Kernel, platform: Platform, boot: Tree): Observation {
  const log = [...k.log.lines];
  const known = k.cache.get(observationsOf, boot);
  return {
    platform,
    tree: known.trees.get(
      (tree) => isShownAs(k.of.root, tree.root),
      () => ({ root: treeOf(k.of.root), reservations: boot.reservations, bootCpu: boot.bootCpu }),
    ),
    unread: [],
    devices: k.vio.devices.map((device) => describeDevice(k, device)),
    log,
    warnings: known.logs.get(
      (seen) => sameLines(seen.log, log),
      () => ({ log, warnings: findWarnings(log) }),
    ).warnings,
    drivers: k.vio.devices.flatMap(describeDriver),
    references: references(k),
  };
}

/** What was seen of partitions that booted from one tree. */
interface Memo {
  readonly trees: RecentCache<Tree>;
  readonly logs: RecentCache<{ readonly log: readonly LogLine[]; readonly warnings: readonly Warning[] }>;
}

const observationsOf = defineMemo(
  (_: Tree): Memo => ({ trees: new RecentCache(16), logs: new RecentCache(32) }),
);

/** Whether `treeOf` would return an equal tree. */
function isShownAs(root: DeviceNode, shown: TreeNode): boolean {
  const work: (readonly [DeviceNode, TreeNode])[] = [[root, shown]];
  for (let next = work.pop(); next; next = work.pop()) {
    const [np, node] = next;
    if (node.name !== nameOf(np) || !hasProperties(np, node.properties)) return false;
    const children = shownChildren(np);
    if (children.length !== node.children.length) return false;
    for (let at = 0; at < children.length; at++)
      work.push([children[at] as DeviceNode, node.children[at] as TreeNode]);
  }
  return true;
}

function hasProperties(np: DeviceNode, shown: TreeNode['properties']): boolean {
  let at = 0;
  for (let property = np.properties; property; property = property.next) {
    if (property.sysfsName === null) continue;
    const one = shown[at++];
    if (one?.name !== property.sysfsName) return false;
    if (one.value !== property.value && !sameBytes(one.value, property.value)) return false;
  }
  return at === shown.length;
}

/** The tree under a node as in sysfs, including names with `#1`. */
function treeOf(root: DeviceNode): TreeNode {
  const top = shell(root);
  const work = [{ np: root, children: top.children }];
  for (let next = work.pop(); next; next = work.pop()) {
    for (const child of shownChildren(next.np)) {
      const shown = shell(child);
      next.children.push(shown);
      work.push({ np: child, children: shown.children });
    }
  }
  return top;
}

/** A copy of a node without children. */
function shell(np: DeviceNode): TreeNode & { readonly children: TreeNode[] } {
  const properties = [];
  for (let property = np.properties; property; property = property.next) {
    if (property.sysfsName !== null) properties.push({ name: property.sysfsName, value: property.value });
  }
  return { name: nameOf(np), properties, children: [] };
}

function nameOf(np: DeviceNode): string {
  return np.parent ? np.sysfsName : '';
}

/** In the order of the tree. A directory can also contain nodes that the list of children has lost. */
function shownChildren(np: DeviceNode): DeviceNode[] {
  const listed: DeviceNode[] = [];
  for (let child = np.child; child; child = child.sibling) {
    if (child.inSysfs && child.kobjParent === np) listed.push(child);
  }
  if (np.directory === null) return listed;
  const shown = new Set(listed);
  for (const entry of np.directory.values()) if (entry instanceof DeviceNode) shown.add(entry);
  return [...shown];
}

function describeDevice(k: Kernel, device: Device): VioDevice {
  const { name, driver, devspec } = device;
  const ofNode = describeLink(k, device);
  return { name, driver: driver?.name ?? null, ofNode, ...(devspec !== undefined && { devspec }) };
}

function describeLink(k: Kernel, { link }: Device): OfNodeLink {
  if (!link) return { state: 'absent' };
  const target = ['../../../firmware/devicetree/base', ...link].join('/');
  return { state: lookUp(k, link) ? 'resolves' : 'dangling', target };
}

function describeDriver(device: Device): DriverState[] {
  return device.driver
    ? [{ driver: device.driver.module, device: device.name, values: device.driver.values() }]
    : [];
}

/** All nodes ever created, with their holders, except nodes that were discarded without being attached. */
function references(k: Kernel): NodeReferences[] {
  const children = new Map<DeviceNode, Holder[]>();
  for (const np of k.of.nodes) {
    if (!np.kobjParent) continue;
    const holders = children.get(np.kobjParent);
    const holder = { who: `child ${np.fullName} in sysfs`, count: 1 };
    if (holders) holders.push(holder);
    else children.set(np.kobjParent, [holder]);
  }
  const generations = generationsOf(k);
  return k.of.nodes
    .filter((np) => !np.discarded)
    .map((np) => {
      const { path, phandle, boot, count } = np;
      const generation = generations.get(np) ?? 1;
      const holders = [
        ...np.holders.map(({ who, count: held }) => ({ who, count: held })),
        ...(children.get(np) ?? []),
      ];
      return { path, phandle, generation, state: nodeState(np), boot, count, holders };
    });
}

/** The generation of each node: its number among the nodes with its path, from 1 on. */
export function generationsOf(k: Kernel): ReadonlyMap<LedgerNode, number> {
  const last = new Map<string, number>();
  const generations = new Map<DeviceNode, number>();
  for (const np of k.of.nodes) {
    if (np.discarded) continue;
    const generation = (last.get(np.path) ?? 0) + 1;
    last.set(np.path, generation);
    generations.set(np, generation);
  }
  return generations;
}
