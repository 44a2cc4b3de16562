/** One reference to a node taken or given back; what happens at boot is in it too. */
export interface ReferenceChange {
  /** `RunEvent.id` of the event that records the change, where it is known. */
  readonly event?: number;
  readonly seconds: number;
  /** What the kernel was doing: `delete /ibm,platform-facilities`. */
  readonly step: string;
  readonly path: string;
  readonly phandle: number;
  /** As in `NodeReferences`: which of the nodes that came to stand at the path. */
  readonly generation: number;
  /** The holder: `sysfs`, `vio ibm,random-v1`, `lookup in pseries_devicetree_update`. */
  readonly who: string;
  readonly change: 1 | -1;
  /** The node's count afterwards; negative when saturated. */
  readonly count: number;
}
