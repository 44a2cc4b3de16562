import type { TreeNode } from '../../devicetree/index.ts';
import type { PropertyChange } from '../plan.ts';

/** All that a firmware says of one migration, before anything is done about it. */
export interface CollectedMessages {
  /** Phandles, in the order in which they came; the same one may come again. */
  readonly deletes: readonly number[];
  readonly updates: readonly CollectedUpdate[];
  readonly adds: readonly CollectedAdd[];
}

export interface CollectedUpdate {
  readonly phandle: number;
  /** Changes told before the node's sequence ended, well or badly. */
  readonly changes: readonly PropertyChange[];
  /** What ended the sequence, where that was not its proper end. */
  readonly failure?: string;
}

export interface CollectedAdd {
  /** Phandle of the node under which it goes. */
  readonly parent: number;
  readonly drcIndex: number;
  /** The subtrees, one unless siblings came along; or as much as was told before a failure. */
  readonly nodes: readonly TreeNode[];
  /** What ended the connector's sequence, where that was not its proper end. */
  readonly failure?: string;
}
