/** One reference to a node that was taken or released, since boot. */
export interface ReferenceChange {
  /** `RunEvent.id` of the event that records the change, where it is known. */
  readonly event?: number;
  /** Seconds since boot (virtual in the model). */
  readonly seconds: number;
  /** What the kernel was doing: `delete /ibm,platform-facilities`. */
  readonly step: string;
  /** Path of the node when it was attached. */
  readonly path: string;
  /** Phandle of the node; 0 for none. */
  readonly phandle: number;
  /** As in `NodeReferences`: which of the nodes at this path, from 1. */
  readonly generation: number;
  /** The holder: `sysfs`, `vio ibm,random-v1`, `lookup in pseries_devicetree_update`. */
  readonly who: string;
  /** 1: taken; -1: released. */
  readonly change: 1 | -1;
  /** The node's count afterwards; negative if saturated. */
  readonly count: number;
}
