import { sameReservations } from '../equal.ts';
import { childrenOf, createLayout, elementAt, type Layout, pathsOf } from '../layout.ts';
import { bootPhandle, identityDifferences, type PhandleReader } from '../phandles.ts';
import { siblingNames } from '../sysfs-names.ts';
import type { Property, Tree } from '../tree.ts';
import { pairByPath } from './by-path.ts';
import { pairByPhandle } from './by-phandle.ts';
import type { Change, NodePlace } from './change.ts';
import { ignoring } from './ignore.ts';
import { type Pairing, Queues } from './pairing.ts';
import { isLabel, type SameValue, sameNormalised, sameValue } from './same-value.ts';

/** How trees are compared. */
export interface DiffOptions {
  /**
   * The identity of nodes. `phandle`: for one partition at two times; phandles are identity and are compared as numbers.
   * `path`: for two machines or two compilations; phandles are labels, and references are equal if they refer to the same
   * node.
   */
  readonly by: 'phandle' | 'path';
  /**
   * Changes to leave out, as patterns: `/cpus/l2-cache@*` is nodes with their subtrees, `/cpus/*:clock-frequency` a property
   * of nodes, `ibm,loc-code` a property of all nodes. `*` matches any characters, `?` one.
   */
  readonly ignore?: readonly string[];
  /**
   * Whether to report a changed order of children. Default: false. Order is visible, because lookups take the first match; but
   * a running kernel puts attached nodes first, and folders have no order.
   */
  readonly order?: boolean;
  /** How phandles are read in a comparison by phandle. Default: as at boot. */
  readonly readPhandle?: PhandleReader;
}

/**
 * Lists the differences between two trees for people; `createDelta` gives an exact recipe. Changes are in the order of the
 * tree after, those of a node before those of its children; removed nodes are at the position of their parent.
 *
 * Properties are compared by name, several of one name by order. The order of properties is not compared, because nothing
 * depends on it. Time is proportional to the size of the trees.
 *
 * ```ts
 * for (const change of diffTrees(before, after, { by: 'phandle' })) console.log(change.kind);
 * ```
 *
 * @throws InputError for an empty pattern in `ignore`
 */
export function diffTrees(before: Tree, after: Tree, options: DiffOptions): Change[] {
  const ignored = ignoring(options.ignore ?? []);
  const changes: Change[] = [];
  for (const change of differences(before, after, options)) if (!ignored(change)) changes.push(change);
  return changes;
}

/** State of a comparison. */
interface Comparison {
  readonly before: Layout;
  readonly after: Layout;
  readonly pairing: Pairing;
  /** Whether two nodes are paired by a common phandle, not by their place. */
  readonly byPhandle: (from: number, to: number) => boolean;
  readonly placeBefore: (number: number) => NodePlace;
  readonly placeAfter: (number: number) => NodePlace;
  readonly same: SameValue;
  readonly compared: (property: Property) => boolean;
}

function* differences(treeBefore: Tree, treeAfter: Tree, options: DiffOptions): Generator<Change> {
  const before = createLayout(treeBefore);
  const after = createLayout(treeAfter);
  const byPath = options.by === 'path';
  const readPhandle = options.readPhandle ?? bootPhandle;
  const pairing = byPath ? pairByPath(before, after) : pairByPhandle(before, after, readPhandle);
  const comparison: Comparison = {
    before,
    after,
    pairing,
    byPhandle: (from, to) => {
      const phandle = byPath || to === 0 ? 0 : readPhandle(elementAt(after.nodes, to));
      return phandle !== 0 && phandle === readPhandle(elementAt(before.nodes, from));
    },
    placeBefore: placesOf(before, readPhandle),
    placeAfter: placesOf(after, readPhandle),
    same: byPath ? sameNormalised(before, after, pairing) : sameValue,
    compared: byPath ? (property) => !isLabel(property) : () => true,
  };
  yield* headerChanges(treeBefore, treeAfter);
  for (let number = 0; number < after.nodes.length; number += 1) {
    const counterpart = elementAt(pairing.toBefore, number);
    if (counterpart < 0) {
      const place = comparison.placeAfter(number);
      yield { kind: 'node-added', after: place, properties: elementAt(after.nodes, number).properties };
      continue;
    }
    yield* nodeChanges(comparison, counterpart, number);
    if (options.order === true) yield* orderChanges(comparison, counterpart, number);
    yield* removals(comparison, counterpart);
  }
}

function placesOf(layout: Layout, read: PhandleReader): (number: number) => NodePlace {
  const pathOf = pathsOf(layout);
  // Cached, because to find a phandle all properties are searched, and this is needed for each changed property.
  const known = new Map<number, NodePlace>();
  return (number) => {
    const place = known.get(number) ?? {
      path: pathOf(number),
      number,
      phandle: read(elementAt(layout.nodes, number)),
    };
    known.set(number, place);
    return place;
  };
}

function* headerChanges(before: Tree, after: Tree): Generator<Change> {
  if (before.bootCpu !== after.bootCpu) {
    yield { kind: 'boot-cpu-changed', oldCpu: before.bootCpu, newCpu: after.bootCpu };
  }
  if (!sameReservations(before, after)) {
    const [oldReservations, newReservations] = [before.reservations, after.reservations];
    yield { kind: 'reservations-changed', oldReservations, newReservations };
  }
}

function* nodeChanges(comparison: Comparison, from: number, to: number): Generator<Change> {
  const { before, after, pairing } = comparison;
  const old = elementAt(before.nodes, from);
  const now = elementAt(after.nodes, to);
  const places = () => ({ before: comparison.placeBefore(from), after: comparison.placeAfter(to) });
  const [parentBefore, parentAfter] = [elementAt(before.parents, from), elementAt(after.parents, to)];
  const differs = comparison.byPhandle(from, to) ? identityDifferences(old, now) : [];
  if (differs.some((difference) => difference !== 'unit-address')) {
    const [oldProperties, newProperties] = [old.properties, now.properties];
    yield { kind: 'node-replaced', ...places(), differs, oldProperties, newProperties };
    return;
  }
  if (parentBefore >= 0 && elementAt(pairing.toAfter, parentBefore) !== parentAfter)
    yield { kind: 'node-moved', ...places() };
  else if (old.name !== now.name) yield { kind: 'node-renamed', ...places() };
  yield* propertyChanges(comparison, from, to);
}

function* propertyChanges(comparison: Comparison, from: number, to: number): Generator<Change> {
  const { same, compared } = comparison;
  const places = () => ({ before: comparison.placeBefore(from), after: comparison.placeAfter(to) });
  const oldProperties = elementAt(comparison.before.nodes, from).properties.filter(compared);
  const newProperties = elementAt(comparison.after.nodes, to).properties.filter(compared);
  const { indexes, removed } = matchByName(oldProperties, newProperties);
  for (const [position, property] of newProperties.entries()) {
    const { name, value: newValue } = property;
    const old = oldProperties[indexes?.[position] ?? position];
    if (old === undefined) yield { kind: 'property-added', ...places(), name, newValue };
    else if (!same(from, old, to, property)) {
      yield { kind: 'property-changed', ...places(), name, oldValue: old.value, newValue };
    }
  }
  for (const { name, value: oldValue } of removed) {
    yield { kind: 'property-removed', ...places(), name, oldValue };
  }
}

interface NameMatch {
  /** For each new property the index of the old one, -1 for none; absent if all indexes are equal. */
  readonly indexes?: readonly number[];
  readonly removed: readonly Property[];
}

/** Pairs old and new properties by name, several of one name by order. */
function matchByName(old: readonly Property[], now: readonly Property[]): NameMatch {
  if (old.length === now.length && old.every(({ name }, index) => name === now[index]?.name))
    return { removed: [] };
  const left = new Queues<string>();
  for (const [index, { name }] of old.entries()) left.add(name, index);
  const indexes = now.map(({ name }) => left.take(name, () => true) ?? -1);
  const kept = new Set(indexes);
  return { indexes, removed: old.filter((_, index) => !kept.has(index)) };
}

function* orderChanges(comparison: Comparison, from: number, to: number): Generator<Change> {
  const { before, after, pairing } = comparison;
  const common = childrenOf(after, to).filter((child) => {
    const counterpart = elementAt(pairing.toBefore, child);
    return counterpart >= 0 && elementAt(before.parents, counterpart) === from;
  });
  const counterparts = common.map((child) => elementAt(pairing.toBefore, child));
  if (counterparts.every((number, index) => index === 0 || elementAt(counterparts, index - 1) < number))
    return;
  const names = (layout: Layout, numbers: readonly number[]) =>
    siblingNames(numbers.map((number) => elementAt(layout.nodes, number)));
  yield {
    kind: 'children-reordered',
    before: comparison.placeBefore(from),
    after: comparison.placeAfter(to),
    oldOrder: names(
      before,
      counterparts.toSorted((one, other) => one - other),
    ),
    newOrder: names(after, common),
  };
}

/** The removed nodes below `from`, without subtrees that still exist, which have their own position in the list. */
function* removals(comparison: Comparison, from: number): Generator<Change> {
  const { before, pairing } = comparison;
  if (elementAt(before.ends, from) === from + 1) return;
  const gone = (numbers: readonly number[]) =>
    numbers.filter((number) => elementAt(pairing.toAfter, number) < 0).reverse();
  const stack = gone(childrenOf(before, from));
  for (let number = stack.pop(); number !== undefined; number = stack.pop()) {
    yield {
      kind: 'node-removed',
      before: comparison.placeBefore(number),
      properties: elementAt(before.nodes, number).properties,
    };
    for (const child of gone(childrenOf(before, number))) stack.push(child);
  }
}
