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
  readonly unsupported: readonly UnsupportedItem[];
}

/** The scenario's alone: what the machine has there goes, the scenario's own stands in its place. */
const REPLACED = '/ibm,platform-facilities';

/** Between RTAS and us only. */
const DOORBELL = `/vdevice/vty@${DOORBELL_ADDRESS.toString(16)}`;

/** Nodes by which the kernel finds its way on this very machine: nothing of the scenario's but a phandle goes in. */
const UNCHANGED = /^\/(?:chosen|rtas|memory@[^/]*|aliases|packages|reserved-memory)(?:\/|$)/;

/** Nodes of devices: the scenario may add properties, not change those that are there. */
const DEVICES =
  /^\/(?:cpus|vdevice|pci@[^/]*|interrupt-controller@[^/]*|event-sources)\/|^\/(?:pci@|interrupt-controller@|event-sources)/;

/** Properties that say how a node is addressed and what it is. */
const STRUCTURAL = new Set(
  '#address-cells #size-cells #interrupt-cells reg ranges device_type status interrupt-parent interrupts interrupt-map interrupt-map-mask interrupt-controller interrupt-ranges'.split(
    ' ',
  ),
);

/** Linux reads no nodes below this depth (FDT_MAX_DEPTH in drivers/of/fdt.c, v6.12). */
const MAX_DEPTH = 60;

/**
 * Grafts a scenario's tree onto the tree that a machine really booted with, so that the machine goes on working: what both
 * have is merged, what only the scenario has is added, with the scenario's own phandles; `/rtas` learns our functions.
 * @param boot   the flattened tree that prom_init hands to the kernel
 * @param tokens of the functions that the firmware answers, by name
 */
export function graft(boot: Tree, scenario: Tree, tokens: ReadonlyMap<string, number>): Graft {
  const machine = { ...boot, root: without(boot.root, '/', new Set([REPLACED, DOORBELL])) };
  const unsupported: UnsupportedItem[] = [];
  const merger = new Merger(machine, unsupported);
  const root = withTokens(merger.merge('/', machine.root, scenario.root), tokens);
  return { tree: { ...boot, root }, unsupported };
}

/** The node without those below it that stand at such paths. */
function without(node: TreeNode, path: string, gone: ReadonlySet<string>): TreeNode {
  const children = node.children.flatMap((each) => {
    const place = joinPath(path, each.name);
    return gone.has(place) ? [] : [without(each, place, gone)];
  });
  return { ...node, children };
}

class Merger {
  readonly #unsupported: UnsupportedItem[];
  /** Path of the machine's node that has a phandle. */
  readonly #owner: ReadonlyMap<number, string>;
  /** Phandles of the machine's nodes to which others of them refer. */
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

  /** A node that the machine has and the scenario too. */
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
    return { ...own, properties, children: [...children, ...this.#admit(path, added, 1)] };
  }

  /** Nodes that only the scenario has. */
  #admit(parent: string, nodes: readonly TreeNode[], depth: number): TreeNode[] {
    return nodes.flatMap((node) => {
      const path = joinPath(parent, node.name);
      const reason =
        depth > MAX_DEPTH ? 'Linux reads no nodes so deep' : this.#againstNode(parent, path, node);
      if (reason === undefined) return [{ ...node, children: this.#admit(path, node.children, depth + 1) }];
      this.#unsupported.push({ path, reason });
      return [];
    });
  }

  #againstProperty(
    path: string,
    own: TreeNode,
    mine: Property | undefined,
    wanted: Property,
  ): string | undefined {
    if (isOwnPhandle(wanted.name)) {
      const phandle = bootPhandle({ ...own, properties: [wanted] });
      if (this.#isTaken(phandle, path)) return `${this.#owner.get(phandle)} of this machine has that phandle`;
      if (this.#needed.has(bootPhandle(own)))
        return 'other nodes of this machine refer to it by its own phandle';
      return undefined;
    }
    if (UNCHANGED.test(path)) return 'this machine finds its way by its own node';
    if (mine && DEVICES.test(path)) return 'it describes a device that this machine really has';
    if (STRUCTURAL.has(wanted.name)) return 'this machine is addressed in its own way';
    return undefined;
  }

  #againstNode(parent: string, path: string, node: TreeNode): string | undefined {
    const type = asString(property(node, 'device_type')?.value);
    if (type === 'cpu') return 'this machine has no such processor';
    if (type === 'memory' || /^\/(?:ibm,dynamic-reconfiguration-memory|reserved-memory)$/.test(path)) {
      return 'this machine has no such memory';
    }
    if (type === 'pci' || parent === '/vdevice') return 'this machine has no such adapter';
    if (parent === '/' && property(node, 'interrupt-controller') && path !== REPLACED) {
      return 'this machine has its own interrupt controllers';
    }
    if (UNCHANGED.test(path)) return 'this machine finds its way by its own node';
    const phandle = bootPhandle(node);
    if (this.#isTaken(phandle, path)) return `${this.#owner.get(phandle)} of this machine has its phandle`;
    return undefined;
  }

  #isTaken(phandle: number, path: string): boolean {
    const owner = this.#owner.get(phandle);
    return owner !== undefined && owner !== path;
  }
}

/** @throws EnvironmentError when a token already stands for another function of this machine */
function withTokens(root: TreeNode, tokens: ReadonlyMap<string, number>): TreeNode {
  const rtas = child(root, 'rtas');
  if (!rtas) throw new EnvironmentError('the guest booted without /rtas');
  const kept = rtas.properties.filter(({ name }) => !tokens.has(name));
  const ours = Array.from(tokens, ([name, token]) => cells(name, token));
  for (const { name, value } of ours) {
    const twin = kept.find(
      (each) => sameBytes(each.value, value) && /^(?:ibm,)?[a-z]+(?:-[a-z0-9]+)+$/.test(each.name),
    );
    if (twin) throw new EnvironmentError(`the firmware's token of ${name} is this machine's of ${twin.name}`);
  }
  const node = { ...rtas, properties: [...kept, ...ours] };
  return { ...root, children: root.children.map((each) => (each === rtas ? node : each)) };
}

/** Where a blob of some length can lie: in memory that the early kernel leaves alone. */
export function placeForBlob(tree: Tree, length: number): number {
  const chosen = child(tree.root, 'chosen');
  const initrd = ['linux,initrd-start', 'linux,initrd-end'].map((name) =>
    number(chosen && property(chosen, name)),
  );
  const taken = tree.reservations.map(({ address, size }) => [Number(address), Number(address + size)]);
  if (initrd[0] !== undefined && initrd[1] !== undefined) taken.push([initrd[0], initrd[1]]);
  // Above the kernel, which copies itself to address 0, below 768 MiB, the most that real mode may reach.
  for (let start = 0x2a00_0000; start >= 0x1000_0000; start -= 0x100_0000) {
    const clash = taken.some(([from = 0, to = 0]) => start < to && from < start + length);
    if (!clash && start + length <= 0x2c00_0000) return start;
  }
  throw new InputError(`a tree of ${length} bytes is too large for the guest`);
}

/** A number of one or two cells. */
function number(of: Property | undefined): number | undefined {
  if (of?.value.length === 4) return Buffer.from(of.value).readUInt32BE();
  if (of?.value.length === 8) return Number(Buffer.from(of.value).readBigUInt64BE());
  return undefined;
}
