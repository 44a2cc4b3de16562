/**
 * The work area of `ibm,update-properties` (LoPAR 7.4.9): the changed properties of one node.
 *
 * ```
 *  0  phandle of the node
 *  4  state: 0 in the first call; a reply of status 1 holds the state for the next call
 *  8  8 reserved bytes, zero
 * 16  number of descriptors
 * 20  descriptors, packed without alignment: name, NUL, a word (the value descriptor), data
 * ```
 *
 * The value descriptor is 0 for a property without a value and 0x80000000 for a deleted one. A positive value descriptor
 * is the length of the data. A negative one is minus the length of a part; the next calls continue it under the same name.
 * The first descriptor of a call with state 0 is the node's path with an empty name; the count includes it.
 */
export interface UpdatePropertiesReply {
  /** The node. */
  readonly phandle: number;
  /** 0 in the last reply. */
  readonly state: number;
  /** The descriptors, in order. */
  readonly descriptors: readonly PropertyDescriptor[];
}

/** One descriptor of a reply. */
export type PropertyDescriptor =
  | { readonly kind: 'path'; readonly path: string }
  /** The whole value, or the last part after `partial` descriptors; at least one byte. */
  | { readonly kind: 'value'; readonly name: string; readonly value: Uint8Array }
  /** A part with more to follow. Must be the last of its work area, because Linux skips the wrong number of bytes. */
  | { readonly kind: 'partial'; readonly name: string; readonly value: Uint8Array }
  | { readonly kind: 'empty'; readonly name: string }
  | { readonly kind: 'deleted'; readonly name: string };

/** Value descriptor of a deleted property. */
export const DELETED = 0x8000_0000;

/** Bytes before the first descriptor. */
export const DESCRIPTORS_OFFSET = 20;

/** Bytes that a descriptor takes. A path is sent with its NUL, and its length includes the NUL. */
export function descriptorSize(descriptor: PropertyDescriptor): number {
  switch (descriptor.kind) {
    case 'path':
      return 1 + 4 + descriptor.path.length + 1;
    case 'value':
    case 'partial':
      return descriptor.name.length + 1 + 4 + descriptor.value.length;
    default:
      return descriptor.name.length + 1 + 4;
  }
}
