import { EnvironmentError, InputError } from '../../base/index.ts';
import {
  asString,
  bootPhandle,
  cells,
  child,
  indexByPhandle,
  isOwnPhandle,
  joinPath,
  type Property,
  property,
  referencesIn,
  sameBytes,
  type Tree,
  type TreeNode,
  walk,
} from '../../devicetree/index.ts';
import type { UnsupportedItem } from '../../partition/index.ts';
import { DOORBELL_ADDRESS } from '../qemu/machine.ts';

/** The tree that a guest boots with. */
export interface Graft {
  readonly tree: Tree;
  /** Nodes and properties of the scenario that are not in the tree, with the reasons. */
  readonly unsupported: readonly UnsupportedItem[];
}

/** Taken from the scenario alone: the machine's node of this path is removed. */
const REPLACED = '/ibm,platform-facilities';

/** Used by the RTAS stub; the kernel must not see it. */
const DOORBELL = `/vdevice/vty@${DOORBELL_ADDRESS.toString(16)}`;

/** Nodes that the kernel needs to boot this machine: only phandles are taken from the scenario. */
const UNCHANGED = /^\/(?:chosen|rtas|memory@[^/]*|aliases|packages|reserved-memory)(?:\/|$)/;

/** Nodes of devices: the scenario may add properties but not change existing ones. */
const DEVICES =
  /^\/(?:cpus|vdevice|pci@[^/]*|interrupt-controller@[^/]*|event-sources)\/|^\/(?:pci@|interrupt-controller@|event-sources)/;

/** Properties that define how a node is addressed, and its type. */
const STRUCTURAL = new Set(
  '#address-cells #size-cells #interrupt-cells reg ranges device_type status interrupt-parent interrupts interrupt-map interrupt-map-mask interrupt-controller interrupt-ranges'.split(
    ' ',
  ),
);

/** Depth of the deepest nodes that Linux reads; the root has depth 0 (FDT_MAX_DEPTH - 2, drivers/of/fdt.c, v6.12). */
const MAX_DEPTH = 62;

/**
 * Grafts a scenario's tree onto the tree of a booting machine, so that the machine still boots. Nodes that both trees have are
 * merged. Nodes that only the scenario has are added, with the scenario's phandles. `/rtas` gets the firmware's functions.
 * @param boot   the tree that prom_init passes to the kernel
 * @param tokens RTAS tokens of the firmware's functions, by function name
 * @throws EnvironmentError when the machine has no `/rtas`, or uses one of the tokens for another function
 */
export function graft(boot: Tree, scenario: Tree, tokens: ReadonlyMap<string, number>): Graft {
  const machine = { ...boot, root: without(boot.root, '/', new Set([REPLACED, DOORBELL])) };
  const unsupported: UnsupportedItem[] = [];
  const merger = new Merger(machine, unsupported);
  const root = withTokens(merger.merge('/', machine.root, scenario.root), tokens);
  return { tree: { ...boot, root }, unsupported };
}

/** Copies a node without the descendants at the given paths. */
function without(node: TreeNode, path: string, removed: ReadonlySet<string>): TreeNode {
  const children = node.children.flatMap((each) => {
    const place = joinPath(path, each.name);
    return removed.has(place) ? [] : [without(each, place, removed)];
  });
  return { ...node, children };
}

class Merger {
  readonly #unsupported: UnsupportedItem[];
  /** Paths of the machine's nodes, by phandle. */
  readonly #owner: ReadonlyMap<number, string>;
  /** Phandles of the machine's nodes that other nodes of the machine refer to. */
  readonly #needed = new Set<number>();

  constructor(machine: Tree, unsupported: UnsupportedItem[]) {
    this.#unsupported = unsupported;
    const { nodes } = indexByPhandle(machine);
    this.#owner = new Map(Array.from(nodes, ([phandle, [first]]) => [phandle, first?.path ?? '']));
    const nodeOf = (phandle: number) => nodes.get(phandle)?.[0]?.node;
    for (const { node } of walk(machine)) {
      for (const each of node.properties) {
        for (const { phandle } of referencesIn(each, node, nodeOf) ?? []) this.#needed.add(phandle);
      }
    }
  }

  /** Merges a node that the machine and the scenario have. */
  merge(path: string, own: TreeNode, other: TreeNode): TreeNode {
    const properties = [...own.properties];
    for (const each of other.properties) {
      const at = properties.findIndex(({ name }) => name === each.name);
      const mine = properties[at];
      if (mine && sameBytes(mine.value, each.value)) continue;
      const reason = this.#againstProperty(path, own, mine, each);
      if (reason !== undefined) this.#unsupported.push({ path, property: each.name, reason });
      else if (mine) properties[at] = each;
      else properties.push(each);
    }
    const children = own.children.map((node) => {
      const counterpart = child(other, node.name);
      return counterpart ? this.merge(joinPath(path, node.name), node, counterpart) : node;
    });
    const added = other.children.filter((node) => child(own, node.name) === undefined);
    return { ...own, properties, children: [...children, ...this.#admit(path, added)] };
  }

  /** Selects the supported ones among nodes that only the scenario has, with their descendants. */
  #admit(parent: string, nodes: readonly TreeNode[]): TreeNode[] {
    return nodes.flatMap((node) => {
      const path = joinPath(parent, node.name);
      const reason =
        depthOf(path) > MAX_DEPTH
          ? `Linux reads no nodes below depth ${MAX_DEPTH}`
          : this.#againstNode(parent, path, node);
      if (reason === undefined) return [{ ...node, children: this.#admit(path, node.children) }];
      this.#unsupported.push({ path, reason });
      return [];
    });
  }

  /** @returns why the scenario's property is not supported */
  #againstProperty(
    path: string,
    own: TreeNode,
    mine: Property | undefined,
    wanted: Property,
  ): string | undefined {
    if (isOwnPhandle(wanted.name)) {
      const phandle = bootPhandle({ ...own, properties: [wanted] });
      if (this.#isTaken(phandle, path)) return `${this.#owner.get(phandle)} of this machine has this phandle`;
      if (this.#needed.has(bootPhandle(own))) return 'other nodes of this machine refer to its own phandle';
      return undefined;
    }
    if (UNCHANGED.test(path)) return 'this machine needs its own node to boot';
    if (mine && DEVICES.test(path)) return 'it describes a device of this machine';
    if (STRUCTURAL.has(wanted.name)) return 'it defines addressing or type, in which this machine differs';
    return undefined;
  }

  /** @returns why the scenario's node is not supported */
  #againstNode(parent: string, path: string, node: TreeNode): string | undefined {
    const type = asString(property(node, 'device_type')?.value);
    if (type === 'cpu') return 'this machine does not have this processor';
    if (type === 'memory' || /^\/(?:ibm,dynamic-reconfiguration-memory|reserved-memory)$/.test(path)) {
      return 'this machine does not have this memory';
    }
    if (type === 'pci' || parent === '/vdevice') return 'this machine does not have this adapter';
    if (parent === '/' && property(node, 'interrupt-controller') && path !== REPLACED) {
      return 'this machine has its own interrupt controllers';
    }
    if (UNCHANGED.test(path)) return 'this machine needs its own node to boot';
    const phandle = bootPhandle(node);
    if (this.#isTaken(phandle, path))
      return `${this.#owner.get(phandle)} of this machine has the same phandle`;
    return undefined;
  }

  #isTaken(phandle: number, path: string): boolean {
    const owner = this.#owner.get(phandle);
    return owner !== undefined && owner !== path;
  }
}

const depthOf = (path: string) => path.split('/').length - 1;

/** Adds the firmware's functions to `/rtas`. @throws EnvironmentError when another function already has such a token */
function withTokens(root: TreeNode, tokens: ReadonlyMap<string, number>): TreeNode {
  const rtas = child(root, 'rtas');
  if (!rtas) throw new EnvironmentError('the guest has no /rtas node: it cannot make RTAS calls');
  const kept = rtas.properties.filter(({ name }) => !tokens.has(name));
  const ours = Array.from(tokens, ([name, token]) => cells(name, token));
  for (const { name, value } of ours) {
    const twin = kept.find(
      (each) => sameBytes(each.value, value) && /^(?:ibm,)?[a-z]+(?:-[a-z0-9]+)+$/.test(each.name),
    );
    if (twin)
      throw new EnvironmentError(
        `RTAS token conflict: the firmware uses for ${name} the token that this machine uses for ${twin.name}`,
      );
  }
  const node = { ...rtas, properties: [...kept, ...ours] };
  return { ...root, children: root.children.map((each) => (each === rtas ? node : each)) };
}

/**
 * Finds memory for a flattened tree that the early kernel does not use.
 * @param length bytes
 * @returns physical address
 * @throws InputError when no free range is large enough
 */
export function placeForBlob(tree: Tree, length: number): number {
  const chosen = child(tree.root, 'chosen');
  const initrd = ['linux,initrd-start', 'linux,initrd-end'].map((name) =>
    number(chosen && property(chosen, name)),
  );
  const taken = tree.reservations.map(({ address, size }) => [Number(address), Number(address + size)]);
  if (initrd[0] !== undefined && initrd[1] !== undefined) taken.push([initrd[0], initrd[1]]);
  // Above the kernel, which copies itself to address 0, and below 768 MiB, the limit of real mode.
  for (let start = 0x2a00_0000; start >= 0x1000_0000; start -= 0x100_0000) {
    const clash = taken.some(([from = 0, to = 0]) => start < to && from < start + length);
    if (!clash && start + length <= 0x2c00_0000) return start;
  }
  throw new InputError(`the tree is too large for the guest: ${length} bytes`);
}

/** The value of a property of one or two cells. */
function number(of: Property | undefined): number | undefined {
  if (of?.value.length === 4) return Buffer.from(of.value).readUInt32BE();
  if (of?.value.length === 8) return Number(Buffer.from(of.value).readBigUInt64BE());
  return undefined;
}
