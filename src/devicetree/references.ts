/**
 * Properties that refer to other nodes by phandle, and the positions of the phandles. A tree does not say which cells are
 * phandles; that depends on the property.
 *
 * Known are the properties of PAPR partitions, and the common ones of the Devicetree Specification and of Linux's bindings
 * (most are in of_supplier_bindings, drivers/of/property.c, v6.12) that are a list of phandles, each followed by the number
 * of cells that its node states. Of the map properties only `interrupt-map` is known. Not known are `gpio-map`,
 * `iommu-map`, `msi-map` and other nexus maps, properties of single drivers, and the fixups of overlays.
 */

import { isCaching } from '../base/index.ts';
import { type Property, property, type TreeNode } from './tree.ts';
import { asCell, asCells } from './values.ts';

/** A phandle inside a property. */
export interface Reference {
  /** Index of the cell in the value, from 0. */
  readonly cell: number;
  /** The phandle, not 0. */
  readonly phandle: number;
}

/** Returns the node of a phandle. */
export type NodeOfPhandle = (phandle: number) => TreeNode | undefined;

/** Properties with phandles only. */
const PLAIN = [
  'l2-cache', // LoPAR 2.9, processor binding: cpu and cache nodes; of_find_next_cache_node() reads it first
  'ibm,shared-interrupt-pool', // LoPAR 2.9, /ibm,platform-facilities
  'interrupt-parent', // Devicetree Specification v0.4, §2.4.1
  'next-level-cache', // §3.8
  'phy-handle', // §4.3
  'cpu-idle-states', // Linux bindings: cpu/idle-states
  'cpu', // cpu/cpu-topology: a node of cpu-map
  'memory-region', // reserved-memory
  'operating-points-v2',
  'remote-endpoint',
  'wakeup-parent',
  'extcon',
  'leds',
  'backlight',
  'panel',
];

/** Properties of phandles with arguments, and the property of the referenced node that states their number of cells. */
const WITH_ARGUMENTS: ReadonlyMap<string, string> = new Map([
  ['interrupts-extended', '#interrupt-cells'], // Devicetree Specification v0.4, §2.4.1
  ['clocks', '#clock-cells'],
  ['assigned-clocks', '#clock-cells'],
  ['assigned-clock-parents', '#clock-cells'],
  ['dmas', '#dma-cells'],
  ['gpios', '#gpio-cells'],
  ['hwlocks', '#hwlock-cells'],
  ['interconnects', '#interconnect-cells'],
  ['io-channels', '#io-channel-cells'],
  ['iommus', '#iommu-cells'],
  ['mboxes', '#mbox-cells'],
  ['phys', '#phy-cells'],
  ['power-domains', '#power-domain-cells'],
  ['pwms', '#pwm-cells'],
  ['resets', '#reset-cells'],
  ['sound-dai', '#sound-dai-cells'],
  ['thermal-sensors', '#thermal-sensor-cells'],
  ['cooling-device', '#cooling-cells'],
]);

/** Like `WITH_ARGUMENTS`, but a referenced node without the property has no arguments. */
const WITH_OPTIONAL_ARGUMENTS: ReadonlyMap<string, string> = new Map([
  ['msi-parent', '#msi-cells'],
  ['nvmem-cells', '#nvmem-cell-cells'],
]);

const plain: ReadonlySet<string> = new Set(PLAIN);

/** The number of cells after a phandle; undefined if it is unknown. */
type ArgumentsOf = (target: TreeNode | undefined) => number | undefined;

// Many references may lead to one node with many properties: each count is looked up once.
const cellCounts = new WeakMap<TreeNode, Map<string, number | undefined>>();

function cellCount(target: TreeNode, name: string): number | undefined {
  if (!isCaching()) return asCell(property(target, name)?.value);
  const counts = cellCounts.get(target) ?? new Map<string, number | undefined>();
  cellCounts.set(target, counts);
  if (!counts.has(name)) counts.set(name, asCell(property(target, name)?.value));
  return counts.get(name);
}

const none: ArgumentsOf = () => 0;
const counted =
  (cellsName: string, otherwise?: number): ArgumentsOf =>
  (target) =>
    target && (cellCount(target, cellsName) ?? otherwise);

function argumentsOf(name: string): ArgumentsOf | undefined {
  if (plain.has(name) || name.endsWith('-supply') || /^pinctrl-\d+$/.test(name)) return none;
  const cellsName = WITH_ARGUMENTS.get(name);
  if (cellsName !== undefined) return counted(cellsName);
  const optional = WITH_OPTIONAL_ARGUMENTS.get(name);
  if (optional !== undefined) return counted(optional, 0);
  // `nr-gpios` and `ngpios` are counts (the same exception is in Linux's table).
  if (/-gpios?$/.test(name) && !name.endsWith('nr-gpios')) return counted('#gpio-cells');
  return undefined;
}

/**
 * The phandles in a node's property, in order. A phandle without a node, or whose node does not state the number of
 * arguments, is the last one found. A phandle of 0 is a gap, as in of_parse_phandle_with_args(), and is left out.
 * @param of     the property
 * @param holder the node that has it
 * @param nodeOf finds the node of a phandle
 * @returns undefined for a property without phandles, or whose value is not a list of cells
 */
export function referencesIn(of: Property, holder: TreeNode, nodeOf: NodeOfPhandle): Reference[] | undefined {
  if (of.name === 'interrupt-map') return referencesInMap(of, holder, nodeOf);
  const count = argumentsOf(of.name);
  const cells = count && asCells(of.value);
  if (!count || !cells) return undefined;
  const found: Reference[] = [];
  for (let cell = 0; cell < cells.length; cell += 1) {
    const phandle = cells[cell] ?? 0;
    if (phandle === 0) continue;
    found.push({ cell, phandle });
    cell += count(nodeOf(phandle)) ?? cells.length;
  }
  return found;
}

/**
 * Reads `interrupt-map`. An entry is the child's unit address and interrupt specifier, the phandle of the parent
 * controller, its unit address and its specifier (Devicetree Specification v0.4, §2.4.3.1). As in Linux, the entry of a
 * controller without `#address-cells` has no unit address (of_irq_parse_raw()).
 */
function referencesInMap(of: Property, holder: TreeNode, nodeOf: NodeOfPhandle): Reference[] | undefined {
  const cells = asCells(of.value);
  const address = cellCount(holder, '#address-cells');
  const specifier = cellCount(holder, '#interrupt-cells');
  if (!cells || address === undefined || specifier === undefined) return undefined;
  const found: Reference[] = [];
  for (let cell = address + specifier; cell < cells.length; ) {
    const phandle = cells[cell] ?? 0;
    found.push({ cell, phandle });
    const parent = nodeOf(phandle);
    const parentSpecifier = parent && cellCount(parent, '#interrupt-cells');
    if (parent === undefined || parentSpecifier === undefined) break;
    const parentAddress = cellCount(parent, '#address-cells') ?? 0;
    cell += 1 + parentAddress + parentSpecifier + address + specifier;
  }
  return found;
}
