import type { TreeNode } from '../devicetree/index.ts';

/**
 * The messages of one migration, in the order in which firmware sends them; they change the source's tree into the
 * destination's. Plain data.
 *
 * Phandles are those of a booted kernel: `ibm,phandle`, else `phandle` or `linux,phandle` (see `bootPhandle`).
 */
export interface Plan extends Messages {
  /** The style in which it was planned. */
  readonly style: PlanStyle;
  /** Scope of `ibm,update-nodes`: 1, migration and hibernation (LoPAR 7.4.8). */
  readonly scope: 1;
  /** Differences between the trees that no message can report, each with its reason. */
  readonly unreported: readonly UnreportedDifference[];
}

/** The messages themselves, in the order that LoPAR prescribes. */
export interface Messages {
  /** Deletes, children before parents. */
  readonly deletes: readonly DeleteMessage[];
  /** Updates. */
  readonly updates: readonly UpdateMessage[];
  /** Adds. */
  readonly adds: readonly AddMessage[];
}

/**
 * How a firmware announces changes.
 *
 * `powervm`: observed PowerVM behaviour. Every node of `/ibm,platform-facilities` is deleted, the leaves in tree order,
 * then their parent; one message adds the hierarchy, even if nothing in it changed. If one cache node differs, all cache
 * nodes are deleted and added. All other changes are updates of properties.
 *
 * `properties`: as proposed on linuxppc-dev. Nodes with the same phandle, name, `device_type` and `compatible` are
 * updated; only nodes that are in one tree alone are deleted or added.
 */
export type PlanStyle = 'powervm' | 'properties';

/** All styles; the first is the default. */
export const planStyles: readonly PlanStyle[] = ['powervm', 'properties'];

/** Deletes a node, and everything below it. */
export interface DeleteMessage {
  /** The node. */
  readonly phandle: number;
  /** Path of the node in the source. */
  readonly path: string;
}

/** Updates the properties of a node. */
export interface UpdateMessage {
  /** The node. */
  readonly phandle: number;
  /** Path of the node in the source. */
  readonly path: string;
  /** The reply of `ibm,update-properties` for the node. */
  readonly changes: readonly PropertyChange[];
}

/** The new state of one property. */
export interface PropertyChange {
  /** Name of the property. */
  readonly name: string;
  /** The new value; `null` if the property is deleted. An empty value is sent as a name only, which Linux ignores. */
  readonly value: Uint8Array | null;
}

/** Adds a node. */
export interface AddMessage {
  /** Phandle of its parent. */
  readonly parent: number;
  /** Its path in the destination. */
  readonly path: string;
  /** For `ibm,configure-connector`. */
  readonly drcIndex: number;
  /** The node of the destination, with its subtree. */
  readonly node: TreeNode;
}

/** A difference that no message can report. */
export interface UnreportedDifference {
  /** Path of the node. */
  readonly path: string;
  /** Why no message reports it. */
  readonly reason: string;
}
