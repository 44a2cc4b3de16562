/**
 * A message that a reconciler did not pass on unchanged. Every message of the firmware reaches the kernel, unchanged or as
 * updates, or has a note with the reason.
 */
export interface ReconcileNote {
  /** What the reconciler did with the message. */
  readonly kind:
    | 'turned into updates'
    | 'replaced'
    | 'withheld'
    | 'repeated'
    | 'contradicted'
    | 'not deliverable'
    | 'failed';
  /** Path of the node if it is known, else `phandle 0x…`. */
  readonly subject: string;
  /** The reason. */
  readonly text: string;
}
