import { defineMemo, encodeLatin1, type RunCache } from '../../base/index.ts';
import { bootPhandleOf, type Tree, type TreeNode } from '../../devicetree/index.ts';
import { cString, DeviceNode, LiveProperty } from './device-node.ts';

/**
 * From a flattened tree to the live one (drivers/of/fdt.c `populate_node`, drivers/of/base.c `of_core_init`).
 *
 * A search boots the same tree thousands of times, so everything that depends only on the tree is computed once per tree.
 */
interface BootPlan {
  /** Depth first, parents before children. */
  readonly nodes: readonly PlannedNode[];
  /** Log lines of sysfs about duplicate names. */
  readonly messages: readonly string[];
}

interface PlannedNode {
  readonly fullName: string;
  /** `null` if sysfs found no free name. */
  readonly sysfsName: string | null;
  readonly name: string;
  readonly phandle: number;
  /** Index of the parent in the plan; -1 for the root. */
  readonly parent: number;
  readonly properties: readonly {
    readonly name: string;
    readonly sysfsName: string | null;
    readonly value: Uint8Array;
  }[];
}

/** FDT_MAX_DEPTH - 1: the kernel omits deeper nodes. */
const MAX_DEPTH = 63;

const bootPlan = defineMemo(makePlan);

/** @returns the nodes of the live tree, the root first, and the lines that the kernel logs while it makes them */
export function unflatten(
  tree: Tree,
  cache: RunCache,
): {
  readonly nodes: DeviceNode[];
  readonly messages: readonly string[];
} {
  const plan = cache.get(bootPlan, tree);
  const nodes: DeviceNode[] = [];
  const lastChild: (DeviceNode | undefined)[] = [];
  for (const planned of plan.nodes) {
    const np = makeNode(planned);
    const parent = nodes[planned.parent];
    if (parent) {
      np.parent = parent;
      if (np.inSysfs) {
        np.kobjParent = parent;
        parent.count++;
      }
      const previous = lastChild[planned.parent];
      if (previous) previous.sibling = np;
      else parent.child = np;
      lastChild[planned.parent] = np;
    }
    nodes.push(np);
    lastChild.push(undefined);
  }
  return { nodes, messages: plan.messages };
}

/** A boot node after of_core_init(): it is in sysfs, which holds it. */
function makeNode(planned: PlannedNode): DeviceNode {
  const np = new DeviceNode(planned.fullName, true);
  np.name = planned.name;
  np.phandle = planned.phandle;
  np.wasAttached = true;
  if (planned.sysfsName !== null) {
    np.sysfsName = planned.sysfsName;
    np.inSysfs = true;
    np.count = 2;
    np.holders.push({ who: 'sysfs', count: 1 });
  }
  let last: LiveProperty | null = null;
  for (const { name, value, sysfsName } of planned.properties) {
    const property: LiveProperty = new LiveProperty(name, value, true);
    property.sysfsName = sysfsName;
    if (last) last.next = property;
    else np.properties = property;
    last = property;
  }
  return np;
}

function makePlan(tree: Tree): BootPlan {
  const nodes: PlannedNode[] = [];
  const messages: string[] = [];
  const work: { node: TreeNode; parent: number; taken: Set<string>; above: string | null; depth: number }[] =
    [{ node: tree.root, parent: -1, taken: new Set(), above: 'devicetree', depth: 0 }];
  for (let next = work.pop(); next; next = work.pop()) {
    const { node, parent, taken, above, depth } = next;
    const isRoot = parent < 0;
    const sysfsName = isRoot ? 'base' : above === null ? null : safeName(taken, node.name, above, messages);
    const inside = new Set<string>();
    const own = withName(node);
    const properties = own.map(({ name, value }) => ({
      name,
      value,
      sysfsName: sysfsName === null ? null : safeName(inside, name, sysfsName, messages),
    }));
    const index = nodes.length;
    nodes.push({
      fullName: isRoot ? '' : node.name,
      sysfsName,
      name: nameOf(own),
      phandle: bootPhandleOf(own),
      parent,
      properties,
    });
    if (depth + 1 >= MAX_DEPTH) continue;
    for (const child of node.children.toReversed()) {
      work.push({ node: child, parent: index, taken: inside, above: sysfsName, depth: depth + 1 });
    }
  }
  return { nodes, messages };
}

type Properties = TreeNode['properties'];

/** Blobs from version 16 on need no `name`. The kernel derives it from the node's name and appends it. */
function withName(node: TreeNode): Properties {
  if (node.properties.some((property) => property.name === 'name')) return node.properties;
  const at = node.name.lastIndexOf('@');
  const base = at < 0 ? node.name : node.name.slice(0, at);
  return [...node.properties, { name: 'name', value: encodeLatin1(`${base}\0`) }];
}

function nameOf(properties: Properties): string {
  const found = properties.find((property) => property.name === 'name');
  return found ? cString(found.value) : '<NULL>';
}

/** safe_name() of drivers/of/kobj.c. A name that is still taken after 16 tries is not added to sysfs. */
function safeName(taken: Set<string>, name: string, directory: string, messages: string[]): string | null {
  let free = name;
  for (let tries = 0; tries < 16 && taken.has(free); ) free = `${name}#${++tries}`;
  if (free !== name) messages.push(`Duplicate name in ${directory}, renamed to "${free}"`);
  if (taken.has(free)) return null;
  taken.add(free);
  return free;
}
