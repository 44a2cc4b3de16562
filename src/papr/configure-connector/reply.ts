/**
 * The work area of `ibm,configure-connector` (LoPAR 13.5.3.5): a subtree, one name or property in each reply.
 *
 * ```
 *  0  drc index
 *  4  0 on the first call of a sequence; then private to the firmware: the page holds "the intermediate state that RTAS
 *     needs to retain between calls", and the caller must not change it
 *  8  offset in the page of the name of a node or property
 * 12  length of the property's value
 * 16  offset in the page of the property's value
 * 20  names and values
 * ```
 *
 * Words have 4 bytes, because RTAS is instantiated in 32-bit mode. The status of the call says what the page holds.
 */
export interface ConnectorReply {
  /** The connector. */
  readonly drcIndex: number;
  /** The second word: 0, or the firmware's position in the sequence. */
  readonly progress: number;
  /** What the page holds. */
  readonly item: ConnectorItem;
}

/** One step of a connector, by the status of the call (`connectorStatus`). */
export type ConnectorItem =
  | { readonly status: 1; readonly name: string }
  | { readonly status: 2; readonly name: string }
  | { readonly status: 3; readonly name: string; readonly value: Uint8Array }
  /** The other words of the page have no meaning. */
  | { readonly status: 0 | 4 | 5 };

/** Bytes before names and values. */
export const CONNECTOR_DATA_OFFSET = 20;

/** Values start at multiples of this many bytes; names need no alignment. */
export const VALUE_ALIGNMENT = 4;

/** Offset of a property's value, which follows its name. */
export function valueOffset(name: string): number {
  return Math.ceil((CONNECTOR_DATA_OFFSET + name.length + 1) / VALUE_ALIGNMENT) * VALUE_ALIGNMENT;
}

/** Bytes of the page that an item takes, with the header. */
export function connectorSize(item: ConnectorItem): number {
  switch (item.status) {
    case 1:
    case 2:
      return CONNECTOR_DATA_OFFSET + item.name.length + 1;
    case 3:
      return valueOffset(item.name) + item.value.length;
    default:
      return 8;
  }
}
