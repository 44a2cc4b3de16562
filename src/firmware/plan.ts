import type { TreeNode } from '../devicetree/index.ts';

/**
 * What firmware will say of a migration: the messages that turn the source's tree into the destination's, in the order
 * in which they come. Plain data; what a kernel makes of it is another matter.
 *
 * Phandles are the numbers by which a kernel knows its nodes: `ibm,phandle`, else `phandle` or `linux,phandle`.
 */
export interface Plan extends Messages {
  readonly style: PlanStyle;
  /** As `ibm,update-nodes` is asked: 1, migration and hibernation (LoPAR 7.4.8). */
  readonly scope: 1;
  /** Differences between the trees that no message can tell, with the reason of each. */
  readonly unreported: readonly UnreportedDifference[];
}

/** The messages themselves, in the order that LoPAR prescribes. */
export interface Messages {
  readonly deletes: readonly DeleteMessage[];
  readonly updates: readonly UpdateMessage[];
  readonly adds: readonly AddMessage[];
}

/**
 * How a firmware announces changes.
 *
 * `powervm`: as PowerVM was seen to. Every node of `/ibm,platform-facilities` is deleted, the leaves in tree order, then
 * their parent, and the hierarchy is added by one message, whether or not anything in it changed. Cache nodes are all
 * deleted and added when one of them differs. Everything else is updates of properties.
 *
 * `properties`: as the thread would have liked it: updates wherever phandle, name, `device_type` and `compatible` are
 * the same; only what is truly gone or new is deleted or added.
 */
export type PlanStyle = 'powervm' | 'properties';

export const planStyles: readonly PlanStyle[] = ['powervm', 'properties'];

export interface DeleteMessage {
  readonly phandle: number;
  /** Where the node stands at the source. */
  readonly path: string;
}

export interface UpdateMessage {
  readonly phandle: number;
  readonly path: string;
  /** What `ibm,update-properties` answers for the node. */
  readonly changes: readonly PropertyChange[];
}

export interface PropertyChange {
  readonly name: string;
  /** The new value; `null` where the property is gone. One without bytes is sent as name only, and Linux ignores it. */
  readonly value: Uint8Array | null;
}

export interface AddMessage {
  /** Phandle of the node under which it goes. */
  readonly parent: number;
  /** Where the node will stand. */
  readonly path: string;
  /** For `ibm,configure-connector`. */
  readonly drcIndex: number;
  /** The node as the destination has it, with everything below it. */
  readonly node: TreeNode;
}

export interface UnreportedDifference {
  readonly path: string;
  readonly reason: string;
}
