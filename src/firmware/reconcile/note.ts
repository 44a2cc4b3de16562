/**
 * Something that a reconciler did not hand on as it came. Every message of the firmware either reaches the kernel, as it
 * was or as updates, or has a note that says why not.
 */
export interface ReconcileNote {
  readonly kind:
    | 'turned into updates'
    | 'replaced'
    | 'withheld'
    | 'repeated'
    | 'contradicted'
    | 'not deliverable'
    | 'failed';
  /** Path of the node where it is known, else `phandle 0x…`. */
  readonly subject: string;
  readonly text: string;
}
