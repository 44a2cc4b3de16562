/**
 * The work area of `ibm,update-nodes` (LoPAR 7.4.8): which nodes a migration deletes, changes and adds.
 *
 * ```
 *  0  state: 0 asks from the start; a reply of status 1 holds what the next call must present
 *  4  12 reserved bytes, zero
 * 16  lists: an operator (1 byte opcode, 3 bytes count), then its operands, words of 4 bytes
 *     a zero word ends the lists
 * ```
 *
 * Opcode 1 deletes: the operands are phandles. 2 updates: phandles. 3 adds: pairs of the parent's phandle and a drc
 * index, for which `ibm,configure-connector` then tells the node. All deletes come before all updates before all adds,
 * over all calls; there may be several lists of one opcode; one of no operands does nothing.
 *
 * The count of an add list is of *pairs*. LoPAR's words (operands of 4 bytes, "the number of operands that follow")
 * say twice that; but PowerVM's is read as pairs by Linux (mobility.c, v5.10 to v7.2) and by drmgr, which once
 * read words, added half of the nodes, and was mended (powerpc-utils 494bb8a, 2014).
 */
export interface UpdateNodesReply {
  readonly state: number;
  readonly operations: readonly NodeOperation[];
}

export type NodeOperation =
  | { readonly operation: 'delete'; readonly phandles: readonly number[] }
  | { readonly operation: 'update'; readonly phandles: readonly number[] }
  | { readonly operation: 'add'; readonly pairs: readonly AddPair[] };

export interface AddPair {
  /** Phandle of the node under which the new one goes. */
  readonly parent: number;
  readonly drcIndex: number;
}

export const nodeOpcodes = { delete: 1, update: 2, add: 3 } as const;

/** Bytes before the first list. */
export const LISTS_OFFSET = 16;
