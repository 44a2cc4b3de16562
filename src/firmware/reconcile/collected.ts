import type { TreeNode } from '../../devicetree/index.ts';
import type { PropertyChange } from '../plan.ts';

/** All messages of a firmware about one migration. */
export interface CollectedMessages {
  /** Phandles in the order received; a phandle may occur more than once. */
  readonly deletes: readonly number[];
  /** Updated nodes, in the order received. */
  readonly updates: readonly CollectedUpdate[];
  /** Added nodes, in the order received. */
  readonly adds: readonly CollectedAdd[];
}

/** The changes of one node. */
export interface CollectedUpdate {
  /** The node. */
  readonly phandle: number;
  /** The changes received before the sequence ended or failed. */
  readonly changes: readonly PropertyChange[];
  /** Why the sequence failed; absent if it ended normally. */
  readonly failure?: string;
}

/** The nodes of one connector. */
export interface CollectedAdd {
  /** Phandle of the parent. */
  readonly parent: number;
  /** The connector. */
  readonly drcIndex: number;
  /** The subtrees: one, or more if the connector brought siblings; after a failure, the part received before it. */
  readonly nodes: readonly TreeNode[];
  /** Why the connector's sequence failed; absent if it ended normally. */
  readonly failure?: string;
}
