import { viewOf, WORK_AREA_SIZE } from '../work-area.ts';
import { LISTS_OFFSET, nodeOpcodes, type UpdateNodesReply } from './reply.ts';

/**
 * The first part of a work area, up to the zero word that ends the lists; the bytes after it have no meaning.
 * @throws RangeError if the lists do not fit a work area
 */
export function encodeUpdateNodes(reply: UpdateNodesReply): Uint8Array {
  let size = LISTS_OFFSET + 4;
  for (const list of reply.operations) {
    size += 4 + (list.operation === 'add' ? 8 * list.pairs.length : 4 * list.phandles.length);
  }
  if (size > WORK_AREA_SIZE) throw new RangeError(`lists of ${size} bytes do not fit a work area`);

  const bytes = new Uint8Array(size);
  const view = viewOf(bytes);
  view.setUint32(0, reply.state);
  let at = LISTS_OFFSET;
  const put = (word: number) => {
    view.setUint32(at, word);
    at += 4;
  };
  for (const list of reply.operations) {
    const opcode = nodeOpcodes[list.operation] << 24;
    if (list.operation === 'add') {
      put(opcode | list.pairs.length);
      for (const { parent, drcIndex } of list.pairs) {
        put(parent);
        put(drcIndex);
      }
    } else {
      put(opcode | list.phandles.length);
      for (const phandle of list.phandles) put(phandle);
    }
  }
  return bytes;
}
