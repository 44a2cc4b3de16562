/**
 * The work area of `ibm,update-nodes` (LoPAR 7.4.8): the nodes that a migration deletes, updates and adds.
 *
 * ```
 *  0  state: 0 in the first call; a reply of status 1 holds the state for the next call
 *  4  12 reserved bytes, zero
 * 16  lists: an operator (1 byte opcode, 3 bytes count), then its operands, words of 4 bytes
 *     a zero word ends the lists
 * ```
 *
 * Opcode 1 deletes: the operands are phandles. Opcode 2 updates: phandles. Opcode 3 adds: pairs of the parent's phandle
 * and a drc index, for which `ibm,configure-connector` returns the node. Over all calls, deletes come before updates,
 * and updates before adds. An opcode may have several lists; a list without operands does nothing.
 *
 * The count of an add list counts *pairs*. By the text of LoPAR (operands of 4 bytes, "the number of operands that
 * follow") it would be twice that. But Linux reads PowerVM's count as pairs (mobility.c, v5.10 to v7.2), and so does
 * drmgr, which once counted words, added half of the nodes, and was fixed (powerpc-utils 494bb8a, 2014).
 */
export interface UpdateNodesReply {
  /** The first word; 0 in the last reply. */
  readonly state: number;
  /** The lists, in order. */
  readonly operations: readonly NodeOperation[];
}

/** One list of a reply. */
export type NodeOperation =
  | { readonly operation: 'delete'; readonly phandles: readonly number[] }
  | { readonly operation: 'update'; readonly phandles: readonly number[] }
  | { readonly operation: 'add'; readonly pairs: readonly AddPair[] };

/** The operands of one added node. */
export interface AddPair {
  /** Phandle of the parent of the new node. */
  readonly parent: number;
  /** For `ibm,configure-connector`. */
  readonly drcIndex: number;
}

/** Opcodes of the lists. */
export const nodeOpcodes = { delete: 1, update: 2, add: 3 } as const;

/** Bytes before the first list. */
export const LISTS_OFFSET = 16;
