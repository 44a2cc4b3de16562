/**
 * The work area of `ibm,update-properties` (LoPAR 7.4.9): how the properties of one node changed.
 *
 * ```
 *  0  phandle of the node
 *  4  state: 0 asks from the start; a reply of status 1 holds what the next call must present
 *  8  8 reserved bytes, zero
 * 16  number of descriptors
 * 20  descriptors, packed without alignment: name, NUL, a word (the value descriptor), data
 * ```
 *
 * The value descriptor is 0 for a property without a value, 0x80000000 for one that is gone, positive for the length
 * of the data, negative for minus the length of data to be continued by the next calls under the same name.
 * The first descriptor after a call with state 0 is the node's path, under an empty name; it is counted like the others.
 */
export interface UpdatePropertiesReply {
  readonly phandle: number;
  readonly state: number;
  readonly descriptors: readonly PropertyDescriptor[];
}

export type PropertyDescriptor =
  | { readonly kind: 'path'; readonly path: string }
  /** The whole value, or the last part of one that began as `partial`; never without bytes. */
  | { readonly kind: 'value'; readonly name: string; readonly value: Uint8Array }
  /** A part that more follows; stands last in its work area, because Linux passes over the wrong number of bytes. */
  | { readonly kind: 'partial'; readonly name: string; readonly value: Uint8Array }
  | { readonly kind: 'empty'; readonly name: string }
  | { readonly kind: 'deleted'; readonly name: string };

/** Value descriptor of a property that is gone. */
export const DELETED = 0x8000_0000;

/** Bytes before the first descriptor. */
export const DESCRIPTORS_OFFSET = 20;

/** Bytes that a descriptor takes. A path is sent with its NUL, which its length counts. */
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
