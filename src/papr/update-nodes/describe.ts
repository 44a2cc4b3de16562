import { hex32 } from '../../base/index.ts';
import { RangeWriter } from '../describe-range.ts';
import { type ByteRange, WORK_AREA_SIZE } from '../work-area.ts';
import { operationOf } from './decode.ts';

/** The ranges of a work area before a call of `ibm,update-nodes`. */
export function describeUpdateNodesCall(bytes: Uint8Array): ByteRange[] {
  const area = new RangeWriter(bytes);
  area.word('state', (state) => (state === 0 ? '0, from the start' : `${hex32(state)}, go on`));
  area.range(12, 'reserved');
  return area.rest('ignored');
}

/** The ranges of a reply, well-formed or not. */
export function describeUpdateNodes(bytes: Uint8Array): ByteRange[] {
  const area = new RangeWriter(bytes);
  area.word('state', (state) => hex32(state));
  area.range(12, 'reserved');
  for (;;) {
    const operator = area.word('operator', describeOperator);
    if (operator === undefined) {
      const noRoom = bytes.length === WORK_AREA_SIZE;
      area.missing(noRoom ? 'end of the lists, for which there is no room' : 'end of the lists, missing');
      return area.ranges;
    }
    if (operator >>> 24 === 0) return area.rest('not used');
    operands(area, operator);
  }
}

function describeOperator(operator: number): string {
  const opcode = operator >>> 24;
  const count = operator & 0xffffff;
  if (opcode === 0) return operator === 0 ? 'end of the lists' : `end of the lists, but ${hex32(operator)}`;
  return `${operationOf(opcode) ?? `unknown opcode ${opcode}`}, ${count === 1 ? '1 node' : `${count} nodes`}`;
}

const meanings = { delete: 'deleted node', update: 'updated node', add: 'parent of the added node' };

function operands(area: RangeWriter, operator: number): void {
  const operation = operationOf(operator >>> 24);
  for (let left = operator & 0xffffff; left > 0 && area.remaining > 0; left--) {
    area.word(operation === undefined ? 'operand' : meanings[operation], hex32);
    if (operation === 'add' && area.remaining > 0) area.word('drc index', hex32);
  }
}
