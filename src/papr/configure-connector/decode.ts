import { AreaReader } from '../work-area.ts';
import type { ConnectorItem, ConnectorReply } from './reply.ts';

/**
 * Reads a page, strictly, as LoPAR defines it.
 *
 * @param status of the call, 0 to 5; with other statuses the page holds no reply
 * @param bytes  a whole page or its filled first part
 * @returns a value is a view of `bytes`, not a copy
 * @throws InputError with the offset: a name or value outside the page, an empty name or one without end
 * @throws RangeError for a status without a reply
 */
export function decodeConnector(status: number, bytes: Uint8Array): ConnectorReply {
  const area = new AreaReader(bytes);
  const drcIndex = area.word('drc index');
  const progress = area.word('progress');
  return { drcIndex, progress, item: readItem(status, area) };
}

function readItem(status: number, area: AreaReader): ConnectorItem {
  switch (status) {
    case 0:
    case 4:
    case 5:
      return { status };
    case 1:
    case 2:
      return { status, name: readName(area, 'name of node') };
    case 3: {
      const name = readName(area, 'name of property');
      area.offset = 12;
      const length = area.word('length of value');
      const at = area.word('offset of value');
      if (at > area.bytes.length) throw area.error(`value of ${name} starts beyond the page`, 16);
      area.offset = at;
      return { status, name, value: area.take(length, `value of ${name}`) };
    }
    default:
      throw new RangeError(`a reply of status ${status} has no page`);
  }
}

function readName(area: AreaReader, meaning: string): string {
  area.offset = 8;
  const at = area.word('offset of name');
  if (at >= area.bytes.length) throw area.error(`${meaning} starts beyond the page`, 8);
  area.offset = at;
  const name = area.text(meaning);
  if (name === '') throw area.error(`${meaning} is empty`, at);
  return name;
}
