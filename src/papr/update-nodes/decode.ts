import { hex32 } from '../../base/index.ts';
import { AreaReader, WORK_AREA_SIZE } from '../work-area.ts';
import { type AddPair, type NodeOperation, nodeOpcodes, type UpdateNodesReply } from './reply.ts';

/**
 * Reads a reply, strictly, as LoPAR defines it; a kernel may accept others.
 *
 * @param bytes a whole work area or its filled first part; bytes after the zero word are ignored
 * @throws InputError with the offset: reserved bytes that are not zero, an unknown opcode, operands beyond the work
 *   area, lists out of order (deletes, updates, adds), no zero word at the end of a list that ends before the work area
 */
export function decodeUpdateNodes(bytes: Uint8Array): UpdateNodesReply {
  const area = new AreaReader(bytes);
  const state = area.word('state');
  area.zeros(12, 'reserved');

  const operations: NodeOperation[] = [];
  let latest = 0;
  for (;;) {
    const at = area.offset;
    // Operands may run to the page's end (LoPAR 7.4.8, requirement 6), where no zero word has room.
    if (at === WORK_AREA_SIZE) return { state, operations };
    if (area.remaining < 4) throw area.error('the lists have no end within the work area');
    const operator = area.word('operator');
    if (operator === 0) return { state, operations };
    const opcode = operator >>> 24;
    const count = operator & 0xffffff;
    const operation = operationOf(opcode);
    if (operation === undefined) throw area.error(`operator ${hex32(operator)} has an unknown opcode`, at);
    if (opcode < latest) throw area.error(`a list of nodes to ${operation} comes too late`, at);
    latest = opcode;
    const size = count * (operation === 'add' ? 8 : 4);
    if (size > area.remaining) {
      throw area.error(`${count} nodes to ${operation} need ${size} bytes: ${area.remaining} remain`, at);
    }
    if (operation === 'add')
      operations.push({ operation, pairs: Array.from({ length: count }, () => pair(area)) });
    else operations.push({ operation, phandles: Array.from({ length: count }, () => area.word('phandle')) });
  }
}

function pair(area: AreaReader): AddPair {
  const parent = area.word('phandle');
  return { parent, drcIndex: area.word('drc index') };
}

export function operationOf(opcode: number): NodeOperation['operation'] | undefined {
  switch (opcode) {
    case nodeOpcodes.delete:
      return 'delete';
    case nodeOpcodes.update:
      return 'update';
    case nodeOpcodes.add:
      return 'add';
    default:
      return undefined;
  }
}
