import { writeLatin1 } from '../../base/index.ts';
import { viewOf, WORK_AREA_SIZE } from '../work-area.ts';
import { CONNECTOR_DATA_OFFSET, type ConnectorReply, connectorSize, valueOffset } from './reply.ts';

/** The first part of a page for the first call of a sequence. */
export function encodeConnectorCall(drcIndex: number): Uint8Array {
  const bytes = new Uint8Array(CONNECTOR_DATA_OFFSET);
  viewOf(bytes).setUint32(0, drcIndex);
  return bytes;
}

/**
 * The first part of a page, up to the last byte that has a meaning with this status.
 * @throws RangeError if the item does not fit a page
 */
export function encodeConnector({ drcIndex, progress, item }: ConnectorReply): Uint8Array {
  const size = connectorSize(item);
  if (size > WORK_AREA_SIZE) throw new RangeError(`${size} bytes do not fit a page`);
  const bytes = new Uint8Array(size);
  const view = viewOf(bytes);
  view.setUint32(0, drcIndex);
  view.setUint32(4, progress);
  switch (item.status) {
    case 1:
    case 2:
      view.setUint32(8, CONNECTOR_DATA_OFFSET);
      writeLatin1(bytes, CONNECTOR_DATA_OFFSET, item.name);
      break;
    case 3: {
      const at = valueOffset(item.name);
      view.setUint32(8, CONNECTOR_DATA_OFFSET);
      view.setUint32(12, item.value.length);
      view.setUint32(16, at);
      writeLatin1(bytes, CONNECTOR_DATA_OFFSET, item.name);
      bytes.set(item.value, at);
      break;
    }
  }
  return bytes;
}
