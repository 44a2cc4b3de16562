import type { Identity } from '../phandles.ts';
import type { Property, Reservation } from '../tree.ts';

/** A node of one of the two trees. */
export interface NodePlace {
  /** Its path; siblings of one name are distinguished as in sysfs: `/cpus/l2-cache@2011#1`. */
  readonly path: string;
  /** Its number in preorder, the root is 0; for `valueDescriber`. */
  readonly number: number;
  /** Its phandle; 0 for none. */
  readonly phandle: number;
}

/** A node before and after. */
export interface Pair {
  readonly before: NodePlace;
  readonly after: NodePlace;
}

/** The node is new. */
export interface NodeAdded {
  readonly kind: 'node-added';
  readonly after: NodePlace;
  readonly properties: readonly Property[];
}

/** The node does not exist any more. */
export interface NodeRemoved {
  readonly kind: 'node-removed';
  readonly before: NodePlace;
  readonly properties: readonly Property[];
}

/** The node has another parent, and possibly another unit address. No changes are reported for the move of its subtree. */
export interface NodeMoved extends Pair {
  readonly kind: 'node-moved';
}

/** The node has the same parent and another unit address. */
export interface NodeRenamed extends Pair {
  readonly kind: 'node-renamed';
}

/** The phandle belongs to a different node now. Only in a comparison by phandle. */
export interface NodeReplaced extends Pair {
  readonly kind: 'node-replaced';
  readonly differs: readonly Identity[];
  readonly oldProperties: readonly Property[];
  readonly newProperties: readonly Property[];
}

/** The property is new. */
export interface PropertyAdded extends Pair {
  readonly kind: 'property-added';
  readonly name: string;
  readonly newValue: Uint8Array;
}

/** The property does not exist any more. */
export interface PropertyRemoved extends Pair {
  readonly kind: 'property-removed';
  readonly name: string;
  readonly oldValue: Uint8Array;
}

/** The value of the property differs. */
export interface PropertyChanged extends Pair {
  readonly kind: 'property-changed';
  readonly name: string;
  readonly oldValue: Uint8Array;
  readonly newValue: Uint8Array;
}

/** The children that are in both trees have another order; the names in both orders. */
export interface ChildrenReordered extends Pair {
  readonly kind: 'children-reordered';
  readonly oldOrder: readonly string[];
  readonly newOrder: readonly string[];
}

/** The memory reservations differ. */
export interface ReservationsChanged {
  readonly kind: 'reservations-changed';
  readonly oldReservations: readonly Reservation[];
  readonly newReservations: readonly Reservation[];
}

/** The boot CPU differs. */
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
