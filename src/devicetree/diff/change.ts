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
export interface PlacePair {
  /** The node in the tree before. */
  readonly before: NodePlace;
  /** The node in the tree after. */
  readonly after: NodePlace;
}

/** The node is new. */
export interface NodeAdded {
  readonly kind: 'node-added';
  /** The new node. */
  readonly after: NodePlace;
  /** Its properties; each node of a new subtree has a change of its own. */
  readonly properties: readonly Property[];
}

/** The node does not exist any more. */
export interface NodeRemoved {
  readonly kind: 'node-removed';
  /** The removed node. */
  readonly before: NodePlace;
  /** Its properties. */
  readonly properties: readonly Property[];
}

/** The node has another parent, and possibly another unit address. No changes are reported for the move of its subtree. */
export interface NodeMoved extends PlacePair {
  readonly kind: 'node-moved';
}

/** The node has the same parent and another unit address. */
export interface NodeRenamed extends PlacePair {
  readonly kind: 'node-renamed';
}

/** The phandle belongs to a different node now. Only in a comparison by phandle. */
export interface NodeReplaced extends PlacePair {
  readonly kind: 'node-replaced';
  /** The differences of identity. */
  readonly differs: readonly Identity[];
  /** Properties of the node before. */
  readonly oldProperties: readonly Property[];
  /** Properties of the node after. */
  readonly newProperties: readonly Property[];
}

/** The property is new. */
export interface PropertyAdded extends PlacePair {
  readonly kind: 'property-added';
  /** Name of the property. */
  readonly name: string;
  /** Its value. */
  readonly newValue: Uint8Array;
}

/** The property does not exist any more. */
export interface PropertyRemoved extends PlacePair {
  readonly kind: 'property-removed';
  /** Name of the property. */
  readonly name: string;
  /** Its value before. */
  readonly oldValue: Uint8Array;
}

/** The value of the property differs. */
export interface PropertyChanged extends PlacePair {
  readonly kind: 'property-changed';
  /** Name of the property. */
  readonly name: string;
  /** Its value before. */
  readonly oldValue: Uint8Array;
  /** Its value after. */
  readonly newValue: Uint8Array;
}

/** The children that are in both trees have another order; the names in both orders. */
export interface ChildrenReordered extends PlacePair {
  readonly kind: 'children-reordered';
  /** Names before. */
  readonly oldOrder: readonly string[];
  /** Names after. */
  readonly newOrder: readonly string[];
}

/** The memory reservations differ. */
export interface ReservationsChanged {
  readonly kind: 'reservations-changed';
  /** All reservations before. */
  readonly oldReservations: readonly Reservation[];
  /** All reservations after. */
  readonly newReservations: readonly Reservation[];
}

/** The boot CPU differs. */
export interface BootCpuChanged {
  readonly kind: 'boot-cpu-changed';
  /** Physical id before. */
  readonly oldCpu: number;
  /** Physical id after. */
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
