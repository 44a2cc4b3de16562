import type { Identity } from '../phandles.ts';
import type { Property, Reservation } from '../tree.ts';

/** A node of one of the two trees. */
export interface NodePlace {
  /** Siblings of one name are told apart as in sysfs: `/cpus/l2-cache@2011#1`. */
  readonly path: string;
  /** Its number in preorder, the root being 0; `valueDescriber` takes it. */
  readonly number: number;
  /** 0 when it has none. */
  readonly phandle: number;
}

interface Pair {
  readonly before: NodePlace;
  readonly after: NodePlace;
}

export interface NodeAdded {
  readonly kind: 'node-added';
  readonly after: NodePlace;
  readonly properties: readonly Property[];
}

export interface NodeRemoved {
  readonly kind: 'node-removed';
  readonly before: NodePlace;
  readonly properties: readonly Property[];
}

/** The node has another parent, and perhaps another unit address too. What is below a moved node moves along unsaid. */
export interface NodeMoved extends Pair {
  readonly kind: 'node-moved';
}

/** The node has the same parent and another unit address. */
export interface NodeRenamed extends Pair {
  readonly kind: 'node-renamed';
}

/** One phandle, two nodes: what the phandle names now is not what it named before. Comparison by phandle only. */
export interface NodeReplaced extends Pair {
  readonly kind: 'node-replaced';
  readonly differs: readonly Identity[];
  readonly oldProperties: readonly Property[];
  readonly newProperties: readonly Property[];
}

export interface PropertyAdded extends Pair {
  readonly kind: 'property-added';
  readonly name: string;
  readonly newValue: Uint8Array;
}

export interface PropertyRemoved extends Pair {
  readonly kind: 'property-removed';
  readonly name: string;
  readonly oldValue: Uint8Array;
}

export interface PropertyChanged extends Pair {
  readonly kind: 'property-changed';
  readonly name: string;
  readonly oldValue: Uint8Array;
  readonly newValue: Uint8Array;
}

/** The children that the node had before and has still, in the one order and in the other. */
export interface ChildrenReordered extends Pair {
  readonly kind: 'children-reordered';
  readonly oldOrder: readonly string[];
  readonly newOrder: readonly string[];
}

export interface ReservationsChanged {
  readonly kind: 'reservations-changed';
  readonly oldReservations: readonly Reservation[];
  readonly newReservations: readonly Reservation[];
}

export interface BootCpuChanged {
  readonly kind: 'boot-cpu-changed';
  readonly oldCpu: number;
  readonly newCpu: number;
}

/** One difference between two trees. Values are those of the trees, not copies. */
export type Change =
  | NodeAdded
  | NodeRemoved
  | NodeMoved
  | NodeRenamed
  | NodeReplaced
  | PropertyAdded
  | PropertyRemoved
  | PropertyChanged
  | ChildrenReordered
  | ReservationsChanged
  | BootCpuChanged;
